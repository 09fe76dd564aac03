import { systemClock } from '../../../../src/kernel/clock.js';
import { Failure } from '../../../../src/kernel/failure.js';
import type { Value } from '../../../../src/kernel/value/value.js';
import { checkCall, DYNAMIC } from '../../../../src/nu/check-call.js';
import type { CommandSignature } from '../../../../src/nu/command-signature.js';
import { createTemplateEngine } from '../../../../src/template/engine.js';
import type {
  DefinitionPorts,
  ExportedCommand,
  FileState,
  KnownArgument,
} from '../../../../src/workflow/definition/definition-ports.js';

const serverCreate: CommandSignature = {
  name: 'server create',
  description: '',
  parameters: [
    { name: 'name', kind: 'positional', type: 'string', required: true },
    { name: 'zone', kind: 'optional', type: 'string', required: false },
    { name: 'network', kind: 'flag', type: 'string', required: false },
    { name: 'count', kind: 'flag', type: 'int', required: false },
  ],
  inputOutput: [],
};

const networkCreate: CommandSignature = {
  name: 'network create',
  description: '',
  parameters: [{ name: 'infra', kind: 'positional', type: 'string', required: true }],
  inputOutput: [],
};

/** A project that is not there: which files it has, and what its modules export. */
const FILES: Readonly<Record<string, FileState>> = {
  '/project/nulib': 'folder',
  '/project/nulib/network.nu': 'file',
  '/project/nulib/server.nu': 'file',
  '/project/nulib/broken.nu': 'file',
  '/project/scripts/statements.nu': 'file',
  '/project/templates/haproxy.cfg.j2': 'file',
  '/etc/passwd': 'outside-roots',
};

const MODULES: Readonly<Record<string, readonly CommandSignature[]>> = {
  '/project/nulib/network.nu': [networkCreate],
  '/project/nulib/server.nu': [serverCreate],
};

const argument = (known: KnownArgument): Value | typeof DYNAMIC =>
  known.kind === 'dynamic' ? DYNAMIC : known.value;

function exported(signature: CommandSignature): ExportedCommand {
  return {
    name: signature.name,
    check: (args, flags) =>
      checkCall(
        signature,
        args.map(argument),
        Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, argument(flag)])),
      ),
  };
}

/** Ports to the project above. `asked` collects the modules whose commands were asked for. */
export function fakePorts(asked: string[] = []): DefinitionPorts {
  const templates = createTemplateEngine({
    clock: systemClock,
    readTemplate: () => Promise.reject(new Error('no template is read here')),
  });
  return {
    compileSite: templates.compileSite,
    fileState: async (path) => FILES[path] ?? 'missing',
    exportedCommands: async (module) => {
      asked.push(module);
      const commands = MODULES[module];
      if (commands !== undefined) return commands.map(exported);
      throw new Failure('nu_failed', 'Missing closing brace.', {
        diagnostics: [
          {
            severity: 'error',
            code: 'nu-parse',
            message: 'Missing closing brace',
            path: module,
            line: 2,
            column: 7,
          },
        ],
      });
    },
    scriptMains: async () => [],
    methods: new Set(['template/render', 'file/load']),
    checkParams: (_method, params) =>
      'sourc' in Object(params)
        ? [{ message: 'Unknown key "sourc"', expected: 'source or path', got: 'sourc' }]
        : [],
    checkCode: async (code) =>
      code.includes('let b =\n')
        ? [
            {
              severity: 'error',
              code: 'nu-parse',
              message: 'Incomplete "let"',
              line: 2,
              column: 7,
              length: 1,
            },
          ]
        : [],
  };
}
