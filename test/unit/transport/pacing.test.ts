import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Pacing } from '../../../src/transport/pacing.js';

function pacing(resume: () => void = () => undefined): Pacing {
  return new Pacing({ inFlightLimit: 4, inFlightBytes: 1000, stallMs: 250, resume });
}

test('reading waits while many messages wait for their tick', () => {
  const pace = pacing();
  for (let index = 0; index < 32; index++) {
    assert.equal(pace.open, true);
    pace.queue();
  }
  assert.equal(pace.open, false);
  pace.begun();
  assert.equal(pace.open, true);
});

test('reading waits at half the limit, goes on when nothing is answered, and is full at the limit', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    let resumed = 0;
    const pace = pacing(() => resumed++);
    pace.accepted(1);
    assert.equal(pace.open, true);
    pace.accepted(1);
    assert.equal(pace.open, false, 'half the limit');
    mock.timers.tick(249);
    assert.equal(resumed, 0);
    mock.timers.tick(1);
    assert.equal(resumed, 1);
    assert.equal(pace.open, true, 'stalled');
    pace.accepted(1);
    pace.accepted(1);
    assert.equal(pace.full, true);
    assert.equal(pace.open, true, 'cancels are still read');
    pace.answered(1);
    assert.equal(pace.full, false);
    assert.equal(pace.open, false, 'answers go out again');
    pace.giveUp();
  } finally {
    mock.timers.reset();
  }
});

test('it is full of bytes too', () => {
  const pace = pacing();
  pace.accepted(1000);
  assert.equal(pace.full, true);
  pace.answered(1000);
  assert.equal(pace.full, false);
});

test('idle waits until all is answered and begun, or nobody waits any longer', async () => {
  const pace = pacing();
  await pace.idle();
  pace.accepted(1);
  pace.queue();
  const done: string[] = [];
  const waiting = pace.idle().then(() => done.push('idle'));
  pace.begun();
  await Promise.resolve();
  assert.deepEqual(done, []);
  pace.answered(1);
  await waiting;
  pace.accepted(1);
  const givenUp = pace.idle();
  pace.giveUp();
  await givenUp;
});
