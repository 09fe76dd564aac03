import { resolve } from 'node:path';
import type { nuMethods } from '../../protocol/nu.js';
import type { RequestContext } from '../kernel/context.js';
import type { HandlersOf } from '../kernel/handlers.js';
import type { Value, ValueRecord } from '../kernel/value/value.js';
import type { CallNu } from '../nu/call-nu.js';
import type { NuBinary } from '../nu/find-nu.js';
import type { Inspector } from '../nu/inspector.js';
import type { NuAction } from '../nu/nu-process.js';
import { insideRoots, type Places } from './place.js';
import { typedResult, valueOrNuon } from './typed-value.js';

export interface NuParts {
  readonly places: Places;
  readonly findNu: () => Promise<NuBinary>;
  readonly inspector: Inspector;
  readonly callNu: CallNu;
  /** The environment of what a request runs: the client's, allowlisted. */
  readonly environment: (
    env: Readonly<Record<string, string>> | undefined,
    context: RequestContext,
  ) => Record<string, string>;
}

interface Call {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: Value;
  readonly inputNuon?: string;
  readonly timeoutMs?: number;
  readonly nuon?: boolean;
}

export function nuHandlers({ places, findNu, inspector, callNu, environment }: NuParts) {
  async function run(action: NuAction, params: Call, context: RequestContext) {
    const value = await callNu({
      action,
      input: valueOrNuon(params.input, params.inputNuon),
      cwd: places.of(params, context).cwd,
      env: environment(params.env, context),
      timeoutMs: params.timeoutMs,
      typed: params.nuon === true,
      signal: context.signal,
    });
    return typedResult(value, params.nuon);
  }

  async function pathOf(path: string, params: Call, context: RequestContext): Promise<string> {
    const place = places.of(params, context);
    return insideRoots(resolve(place.cwd, path), place.fileRoots);
  }

  const given = (params: { readonly args?: readonly Value[]; readonly flags?: ValueRecord }) => ({
    args: params.args ?? [],
    flags: params.flags ?? {},
  });

  return {
    'nu/call': async (params, context) => {
      const module = await pathOf(params.module, params, context);
      return run({ kind: 'nu', module, command: params.command, ...given(params) }, params, context);
    },
    'nu/run': async (params, context) => {
      if (params.path === undefined)
        return run({ kind: 'code', source: params.source ?? '' }, params, context);
      const path = await pathOf(params.path, params, context);
      return run({ kind: 'script', path, ...given(params) }, params, context);
    },
    'nu/commands': async (params, context) => {
      const commands = await inspector.listCommands({
        nu: await findNu(),
        module: await pathOf(params.module, params, context),
        cwd: places.of(params, context).cwd,
        env: environment(undefined, context),
        signal: context.signal,
      });
      return {
        commands: commands.map(({ parameters, inputOutput, ...command }) => ({
          ...command,
          parameters: parameters.map((parameter) => ({ ...parameter })),
          inputOutput: inputOutput.map((pair) => ({ ...pair })),
        })),
      };
    },
    'nu/version': async () => ({ ...(await findNu()) }),
  } satisfies HandlersOf<typeof nuMethods>;
}
