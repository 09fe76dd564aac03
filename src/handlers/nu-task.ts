import { join } from 'node:path';
import type { AttemptFiles } from '../dispatcher/attempt-files.js';
import type { NuProcess } from '../dispatcher/executors.js';
import type { NuBinary } from '../nu/find-nu.js';
import type { Inspector } from '../nu/inspector.js';
import { buildNuProcess } from '../nu/nu-process.js';
import type { AttemptOrder } from '../workflow/ports.js';

export interface NuTaskParts {
  readonly findNu: () => Promise<NuBinary>;
  readonly inspector: Inspector;
  readonly libraries: readonly string[];
}

/** Turns a nu, script or code order into a process of a nu of its own. */
export function createNuTask({ findNu, inspector, libraries }: NuTaskParts) {
  return async (order: AttemptOrder, files: AttemptFiles): Promise<NuProcess> => {
    const { action } = order;
    if (action.kind !== 'nu' && action.kind !== 'script' && action.kind !== 'code') {
      throw new TypeError(`Nushell cannot do a ${action.kind} action.`);
    }
    return buildNuProcess({
      nu: await findNu(),
      inspector,
      libraries,
      action,
      input: order.input,
      cwd: order.cwd,
      env: order.env,
      resultFile: files.result,
      codeFile: join(files.directory, 'code.nu'),
    });
  };
}
