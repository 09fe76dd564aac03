import type { SignalSource } from '../daemon/serve.js';

/** Calls back with the number of the press at each Ctrl-C; answers how to stop listening, which makes Ctrl-C end the process again. */
export function watchInterrupts(signals: SignalSource, onPress: (press: number) => void): () => void {
  let press = 0;
  const listener = () => {
    press += 1;
    onPress(press);
  };
  signals.on('SIGINT', listener);
  return () => signals.off('SIGINT', listener);
}
