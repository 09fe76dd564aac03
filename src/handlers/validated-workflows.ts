import { stringifyJson } from '../kernel/value/json.js';
import type { DefinitionPorts, ExportedCommand, FileState } from '../workflow/definition/definition-ports.js';
import {
  type LoadedWorkflow,
  loadWorkflow,
  type WorkflowSource,
} from '../workflow/definition/load-workflow.js';

/** Validations that are kept: the definitions in them share nothing else. */
const kept = 64;

interface Entry {
  readonly loaded: LoadedWorkflow;
  readonly files: ReadonlyMap<string, FileState>;
  readonly modules: ReadonlyMap<string, readonly ExportedCommand[]>;
  readonly mains: ReadonlyMap<string, readonly ExportedCommand[]>;
}

/**
 * Loads workflows and remembers valid ones: the same text is validated again only when a file it names came or went, or a module
 * it calls changed (asking the inspector costs a stat of each file then). A submit of a known workflow is cheap; one that names
 * neither files nor modules does not even make the ports.
 */
export function createValidatedWorkflows(): (
  source: WorkflowSource,
  openPorts: () => DefinitionPorts,
) => Promise<LoadedWorkflow> {
  const entries = new Map<string, Entry>();
  return async (source, openPorts) => {
    const key = keyOf(source);
    const known = entries.get(key);
    if (known !== undefined && isAlone(known)) return known.loaded;
    const ports = openPorts();
    if (known !== undefined && (await holds(known, ports))) return known.loaded;
    entries.delete(key);
    const files = new Map<string, FileState>();
    const modules = new Map<string, readonly ExportedCommand[]>();
    const mains = new Map<string, readonly ExportedCommand[]>();
    const loaded = await loadWorkflow(source, {
      ...ports,
      fileState: async (path) => note(files, path, await ports.fileState(path)),
      exportedCommands: async (module) => note(modules, module, await ports.exportedCommands(module)),
      scriptMains: async (path) => note(mains, path, await ports.scriptMains(path)),
    });
    if (loaded.definition !== null) {
      entries.set(key, { loaded, files, modules, mains });
      const oldest = entries.keys().next().value;
      if (entries.size > kept && oldest !== undefined) entries.delete(oldest);
    }
    return loaded;
  };
}

const keyOf = (source: WorkflowSource): string =>
  'value' in source
    ? `${source.root}\0\0${stringifyJson(source.value)}`
    : `${source.root}\0${source.path ?? ''}\0${source.format}\0${source.text}`;

function note<T>(map: Map<string, T>, key: string, value: T): T {
  map.set(key, value);
  return value;
}

/** Nothing outside the text itself can change the answer. */
const isAlone = ({ files, modules, mains }: Entry): boolean => files.size + modules.size + mains.size === 0;

async function holds({ files, modules, mains }: Entry, ports: DefinitionPorts): Promise<boolean> {
  for (const [path, state] of files) if ((await ports.fileState(path)) !== state) return false;
  try {
    for (const [module, commands] of modules)
      if ((await ports.exportedCommands(module)) !== commands) return false;
    for (const [path, commands] of mains) if ((await ports.scriptMains(path)) !== commands) return false;
  } catch {
    // Whatever is wrong with them now, the full validation says it with its place.
    return false;
  }
  return true;
}
