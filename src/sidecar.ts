import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createCatalogue } from '../protocol/catalogue.js';
import type { CreateSidecar } from './daemon/sidecar-port.js';
import { createEmbeddedDispatcher } from './dispatcher/embedded-dispatcher.js';
import { createFileLoader } from './files/load-file.js';
import { createCallTask } from './handlers/call-task.js';
import { fileHandlers } from './handlers/file.js';
import { nuHandlers } from './handlers/nu.js';
import { createNuTask } from './handlers/nu-task.js';
import { createPlaces } from './handlers/place.js';
import { runHandlers } from './handlers/run.js';
import { createRunSubscriptions } from './handlers/run-subscriptions.js';
import { sidecarHandlers } from './handlers/sidecar.js';
import { stateHandlers } from './handlers/state.js';
import { templateHandlers } from './handlers/template.js';
import { createTemplateTask } from './handlers/template-task.js';
import { workflowHandlers } from './handlers/workflow.js';
import { createAlarm } from './kernel/alarm.js';
import type { RequestContext } from './kernel/context.js';
import { createDispatch, type Dispatch } from './kernel/dispatch.js';
import type { Handlers } from './kernel/handlers.js';
import { composeEnvironment } from './nu/attempt-environment.js';
import { createNuCaller } from './nu/call-nu.js';
import { createFindNu } from './nu/find-nu.js';
import { createInspector } from './nu/inspector.js';
import { createOpenWithNu } from './nu/open-with-nu.js';
import { readResult } from './nu/result.js';
import { settleCalls } from './nu/settle-calls.js';
import { packageRoot } from './package-root.js';
import { selfIdentity } from './process/identity.js';
import { settleOrphans } from './process/settle-orphans.js';
import { supervise } from './process/supervise.js';
import { openStore } from './store/open-store.js';
import { createTemplateEngine } from './template/engine.js';
import { createCheckpointer } from './workflow/engine/checkpointer.js';
import { createEngine } from './workflow/engine/engine.js';
import { createEvaluator } from './workflow/engine/evaluator.js';
import { restoreState } from './workflow/engine/restore-state.js';
import { createRunIds } from './workflow/engine/run-id.js';
import { createRuns } from './workflow/engine/runs.js';
import { createSubmit } from './workflow/engine/submit.js';

/** Milliseconds between SIGTERM and SIGKILL for a call of a client, and until a process counts as unkillable. */
const callGraceMs = 2000;
const killDeadlineMs = 30_000;

/**
 * The composition root: the only place where parts meet. Takes the state directory (Failure `state_locked` naming the owner),
 * replays its journal, settles what a former daemon left running, and answers requests.
 */
export const createSidecar: CreateSidecar = async (options) => {
  const { config, log, clock, stateDirectory, project } = options;
  const startedAt = clock.now();
  const root = packageRoot();
  const libraries = [join(root, 'nulib'), ...config.nu.includeDirs];
  const alarm = createAlarm(clock);
  const catalogue = createCatalogue();

  const store = await openStore({
    directory: stateDirectory,
    identity: selfIdentity(),
    clock,
    log,
    takeOver: options.takeOver,
    ...(options.files === undefined ? {} : { files: options.files }),
  });
  const { journal } = store;
  const scratch = join(stateDirectory, 'scratch');
  // What a killed daemon left there is of no use to anybody.
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true, mode: 0o700 });

  const searchNu = createFindNu();
  const findNu = () => searchNu({ configured: config.nu.path ?? undefined, searchPath: options.searchPath });
  const inspector = createInspector({ libraries, scratch });
  const calls = join(stateDirectory, 'calls');
  await settleCalls({
    directory: calls,
    stateId: store.stateId,
    settle: settleOrphans,
    graceMs: callGraceMs,
    killDeadlineMs,
  });
  const callNu = createNuCaller({
    findNu,
    inspector,
    libraries,
    supervise,
    directory: calls,
    stateId: store.stateId,
    graceMs: callGraceMs,
    killDeadlineMs,
    outputLimitBytes: config.limits.outputBytes,
  });
  const files = createFileLoader({
    roots: config.files.roots,
    limits: config.files.limits,
    openWithNu: createOpenWithNu({ findNu }),
    scratch,
  });
  const read = (path: string, roots: readonly string[]) => files.read(path, roots);
  const engineOfTemplates = createTemplateEngine({
    budgets: config.template.budgets,
    readTemplate: read,
    clock,
  });

  /** Where a daemon of this state directory is found by what it starts. */
  const sidecarEnvironment = {
    SIDECAR_STATE_DIR: stateDirectory,
    SIDECAR_BIN: join(root, 'bin', 'nu-sidecar.js'),
    SIDECAR_NODE: process.execPath,
    ...(project === null ? {} : { SIDECAR_PROJECT: project }),
  };
  const environment = (env: Readonly<Record<string, string>> | undefined, { session }: RequestContext) =>
    composeEnvironment(
      env ?? session.env ?? { PATH: options.searchPath },
      { allow: config.nu.envAllow },
      sidecarEnvironment,
    );

  let dispatch: Dispatch | null = null;
  const dispatched = (): Dispatch => {
    if (dispatch === null) throw new Error('The dispatch is used before the sidecar is composed.');
    return dispatch;
  };
  const engine = createEngine({
    state: await restoreState(store),
    journal,
    store,
    createDispatcher: (reports) =>
      createEmbeddedDispatcher({
        stateDirectory,
        stateId: store.stateId,
        concurrency: config.workflow.maxAttemptsLive,
        executors: {
          template: createTemplateTask({ engine: engineOfTemplates, read, roots: config.template.roots }),
          call: createCallTask(dispatched, log),
          nu: createNuTask({ findNu, inspector, libraries }),
        },
        readResult,
        reports,
        log,
        killDeadlineMs,
        outputLimitBytes: config.limits.outputBytes,
      }),
    evaluate: createEvaluator(
      (text) => engineOfTemplates.compileSite(text),
      () => Object.fromEntries(store.kv.list()),
    ),
    clock,
    alarm,
    random: Math.random,
    maxLive: config.workflow.maxAttemptsLive,
    attemptEnvironment: sidecarEnvironment,
    log,
  });
  const checkpointer = createCheckpointer({ engine, journal, store, alarm, clock, log });
  const runs = createRuns({ engine, store, alarm, now: clock.now });
  const places = createPlaces(config);

  const handlers = {
    ...sidecarHandlers({
      build: options.build,
      clock,
      pid: process.pid,
      startedAt,
      stateDirectory,
      project,
      epoch: store.epoch,
      engine,
      findNu,
      connections: options.connections,
      storage: () => ({ ...store.health(), seq: journal.seq }),
      requestStop: options.onStopRequested,
    }),
    ...templateHandlers({ places, engine: engineOfTemplates, read }),
    ...fileHandlers({ places, files }),
    ...nuHandlers({ places, findNu, inspector, callNu, environment }),
    ...workflowHandlers({
      catalogue,
      engine: engineOfTemplates,
      findNu,
      inspector,
      places,
      config,
      environment,
      read,
      submit: createSubmit({
        engine,
        journal,
        store,
        newRunId: createRunIds(clock.now, randomBytes),
      }),
    }),
    ...runHandlers({
      engine,
      runs,
      store,
      subscriptions: createRunSubscriptions(engine, runs, journal),
      stateDirectory,
    }),
    ...stateHandlers({ journal, kv: store.kv, clock }),
  } satisfies Handlers;
  dispatch = createDispatch({ catalogue, handlers, log });

  const failed = new Promise<Error>((resolve) => {
    journal.onFailed = resolve;
  });
  for (const finding of store.findings) log.warn({ finding }, 'The state directory was cured.');
  // Not awaited: clients are answered while attempts of a former daemon are settled.
  engine.recover().catch((error: unknown) => log.error({ err: error }, 'The recovery failed.'));

  return {
    dispatch,
    catalogue,
    epoch: store.epoch,
    startedAt: new Date(startedAt).toISOString(),
    activity: () => ({ unfinishedRuns: engine.state.unfinished, liveAttempts: engine.state.live }),
    onActivity: (listener) => engine.onAdvance(() => listener()),
    drain: (timeoutMs) => engine.drain(timeoutMs),
    async close() {
      checkpointer.close();
      if (!store.health().ok) {
        await engine.abandon();
      } else {
        await checkpointer
          .checkpoint()
          .catch((error: unknown) => log.error({ err: error }, 'The last checkpoint failed.'));
      }
      await store.close();
    },
    failed,
  };
};
