import type { MethodDefinition, NotificationDefinition, RequestDefinition } from './define-method.js';
import { fileMethods } from './file.js';
import { nuMethods } from './nu.js';
import { runMethods } from './run.js';
import { sessionMethods } from './session.js';
import { sidecarMethods } from './sidecar.js';
import { stateMethods } from './state.js';
import { templateMethods } from './template.js';
import { workflowMethods } from './workflow.js';

/** The methods this package defines, in the order of the manual. */
export const methods = [
  ...sessionMethods,
  ...sidecarMethods,
  ...templateMethods,
  ...fileMethods,
  ...nuMethods,
  ...workflowMethods,
  ...runMethods,
  ...stateMethods,
] as const;

/** The methods of one sidecar at run time: those of this package, and whatever was added. */
export interface Catalogue {
  readonly methods: readonly MethodDefinition[];
  request(name: string): RequestDefinition | undefined;
  notification(name: string): NotificationDefinition | undefined;
}

/** Makes a catalogue; throws an Error when two methods have one name. */
export function createCatalogue(list: readonly MethodDefinition[] = methods): Catalogue {
  const byName = new Map<string, MethodDefinition>();
  for (const method of list) {
    if (byName.has(method.name)) throw new Error(`Two methods are named ${method.name}.`);
    byName.set(method.name, method);
  }
  return {
    methods: list,
    request: (name) => {
      const method = byName.get(name);
      return method?.kind === 'request' ? method : undefined;
    },
    notification: (name) => {
      const method = byName.get(name);
      return method?.kind === 'notification' ? method : undefined;
    },
  };
}

/** The group of a method, as the manual sorts them: the part before the slash, `session` for those of the base protocol. */
export function groupOf(name: string): string {
  if (sessionMethods.some((method) => method.name === name)) return 'session';
  return name.slice(0, Math.max(0, name.indexOf('/'))) || 'session';
}
