import { dirname, join, resolve } from 'node:path';
import type { workflowMethods } from '../../protocol/workflow.js';
import type { WorkflowDefinition } from '../../state/definition.js';
import type { Config } from '../config/config.js';
import type { RequestContext } from '../kernel/context.js';
import { Failure } from '../kernel/failure.js';
import type { HandlersOf } from '../kernel/handlers.js';
import type { ValueRecord } from '../kernel/value/value.js';
import { bindInputs, inputScope } from '../workflow/definition/bind-inputs.js';
import type { LoadedWorkflow, WorkflowSource } from '../workflow/definition/load-workflow.js';
import { itemCount, planWorkflow } from '../workflow/definition/plan.js';
import type { SubmitRequest } from '../workflow/engine/submit.js';
import { createDefinitionPorts, type ValidationParts } from './definition-ports.js';
import { describeWorkflow, findWorkflowFile, listWorkflowFiles, workflowFormat } from './find-workflow.js';
import type { Places } from './place.js';
import { recordOrNuon } from './typed-value.js';
import { createValidatedWorkflows } from './validated-workflows.js';

export interface WorkflowParts extends ValidationParts {
  readonly places: Places;
  readonly config: Config;
  readonly environment: (
    env: Readonly<Record<string, string>> | undefined,
    context: RequestContext,
  ) => Record<string, string>;
  readonly read: (
    path: string,
    roots: readonly string[],
  ) => Promise<{ readonly text: string; readonly path: string }>;
  readonly submit: (
    request: SubmitRequest,
  ) => Promise<{ readonly runId: string; readonly existing: boolean }>;
}

interface Asked {
  readonly path?: string;
  readonly name?: string;
  readonly definition?: ValueRecord;
  readonly inputs?: ValueRecord;
  readonly inputsNuon?: string;
  readonly inputsText?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export function workflowHandlers(parts: WorkflowParts) {
  const { places, config, environment, read, submit } = parts;
  const load = createValidatedWorkflows();
  const limited = new WeakMap<WorkflowDefinition, WorkflowDefinition>();

  /** Where workflows are looked for by name; without a project, where the default of `[workflow] folders` would be. */
  function foldersOf(asked: Pick<Asked, 'cwd'>, context: RequestContext): readonly string[] {
    return config.project === null
      ? [join(places.of(asked, context).cwd, 'workflows')]
      : config.workflow.folders;
  }

  /** The source of a workflow, and the folder its paths count from: the project, else its own folder, else the request's. */
  async function sourceOf(asked: Asked, context: RequestContext): Promise<WorkflowSource> {
    if (asked.definition !== undefined) {
      return { root: places.of(asked, context).root, value: asked.definition };
    }
    if (asked.name !== undefined) {
      const file = await findWorkflowFile(asked.name, foldersOf(asked, context));
      const { text } = await read(file.path, [config.project ?? dirname(file.path)]);
      return { root: config.project ?? dirname(file.path), text, format: file.format, path: file.path };
    }
    const path = resolve(places.of(asked, context).cwd, asked.path ?? '');
    const format = workflowFormat(path);
    const root = config.project ?? dirname(path);
    const { text } = await read(path, config.project === null ? [root] : [root, ...config.files.roots]);
    return { root, text, format, path };
  }

  async function loadFor(asked: Asked, context: RequestContext): Promise<LoadedWorkflow> {
    const source = await sourceOf(asked, context);
    return load(source, () =>
      createDefinitionPorts(parts, {
        cwd: source.root,
        roots: config.files.roots.length === 0 ? [source.root] : config.files.roots,
        env: environment(asked.env, context),
        signal: context.signal,
      }),
    );
  }

  const givenInputs = (asked: Asked): ValueRecord => recordOrNuon('inputs', asked.inputs, asked.inputsNuon);

  /** A valid definition with its inputs; throws Failure `workflow_invalid` with every finding. */
  async function ready(
    asked: Asked,
    context: RequestContext,
  ): Promise<{ definition: WorkflowDefinition; inputs: ValueRecord }> {
    const { definition, diagnostics } = await loadFor(asked, context);
    const bound = definition === null ? null : bindInputs(definition, givenInputs(asked), asked.inputsText);
    if (definition !== null && bound?.inputs != null) return { definition, inputs: bound.inputs };
    throw invalid([...diagnostics, ...(bound?.diagnostics ?? [])]);
  }

  return {
    'workflow/list': async (params, context) => {
      const folders = foldersOf(params, context);
      const workflows = [];
      for (const { name, path, format } of await listWorkflowFiles(folders)) {
        const found = await read(path, folders).catch(unreadable);
        workflows.push({ name, path, ...(found === null ? {} : describeWorkflow(found.text, format)) });
      }
      return { workflows };
    },
    'workflow/validate': async (params, context) => {
      const { definition, diagnostics } = await loadFor(params, context);
      const inputs = [params.inputs, params.inputsNuon, params.inputsText].some(
        (given) => given !== undefined,
      );
      const findings = [
        ...diagnostics,
        ...(definition !== null && inputs
          ? bindInputs(definition, givenInputs(params), params.inputsText).diagnostics
          : []),
      ];
      return {
        valid: findings.every(({ severity }) => severity !== 'error'),
        diagnostics: findings,
        ...(definition === null ? {} : { name: definition.name }),
      };
    },
    'workflow/plan': async (params, context) => {
      const { definition, diagnostics } = await loadFor(params, context);
      if (definition === null) throw invalid(diagnostics);
      const bound = bindInputs(definition, givenInputs(params), params.inputsText);
      const plan = planWorkflow(definition);
      return {
        ...plan,
        tasks: plan.tasks.map((task) => ({
          ...task,
          needs: task.needs.map((need) => need.task),
          ...itemsKnown(definition, task.id, bound.inputs),
        })),
      };
    },
    'workflow/submit': async (params, context) => {
      const { definition, inputs } = await ready(params, context);
      const { runId, existing } = await submit({
        definition: withLimit(definition),
        inputs,
        env: environment(params.env, context),
        cwd: places.of({ cwd: params.cwd ?? definition.root }, context).cwd,
        labels: params.labels ?? {},
        idempotencyKey: params.idempotencyKey,
        actor: context.session.client?.name ?? 'client',
      });
      return existing ? { runId, existing } : { runId };
    },
  } satisfies HandlersOf<typeof workflowMethods>;

  /** A definition with a limit of its own. The same one for the same definition: what is derived from it is kept by its identity. */
  function withLimit(definition: WorkflowDefinition): WorkflowDefinition {
    if (definition.maxParallel !== null) return definition;
    let made = limited.get(definition);
    if (made === undefined) {
      made = { ...definition, maxParallel: config.workflow.maxParallel };
      limited.set(definition, made);
    }
    return made;
  }

  /** How many items a for_each has, where its inputs alone tell. */
  function itemsKnown(
    definition: WorkflowDefinition,
    id: string,
    inputs: ValueRecord | null,
  ): { forEach?: number | null } {
    const forEach = definition.tasks.find((task) => task.id === id)?.forEach;
    if (typeof forEach !== 'string' || inputs === null) return {};
    const site = parts.engine.compileSite(forEach);
    if (!site.typed || site.references.some(({ path }) => path[0] !== 'inputs')) return {};
    try {
      return { forEach: itemCount(site.evaluate({ inputs: inputScope(definition, inputs) })) };
    } catch (error) {
      // What it comes to is the run's business; a plan only says what is known.
      if (error instanceof Failure) return {};
      throw error;
    }
  }
}

/** A file that cannot be read is listed by its name: workflow/validate says what is wrong with it. */
function unreadable(error: unknown): null {
  if (error instanceof Failure) return null;
  throw error;
}

function invalid(diagnostics: LoadedWorkflow['diagnostics']): Failure {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  return new Failure(
    'workflow_invalid',
    `The workflow has ${errors} ${errors === 1 ? 'finding' : 'findings'}; nothing ran.`,
    {
      diagnostics,
    },
  );
}
