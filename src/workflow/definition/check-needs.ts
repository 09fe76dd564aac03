import type { Diagnostic } from '../../../protocol/diagnostic.js';
import { keyText, type SourceDocument } from '../../document/document.js';
import { suggest } from '../../kernel/suggest.js';
import type { DraftTask, DraftWorkflow } from './draft-workflow.js';
import { buildGraph, findCycles, type Graph, transitiveNeeds } from './graph.js';
import type { TaskFile } from './workflow-file-schema.js';

/** What the checks of expressions ask about the graph. */
export interface NeedsIndex {
  has(id: string): boolean;
  readonly ids: readonly string[];
  /** Whether `need` comes before `task` for sure. Always true when some needs could not be read, so that one fault is not reported twice. */
  comesBefore(task: string, need: string): boolean;
}

/** One need of a task as the file has it. */
type FileNeed = TaskFile['needs'][number];

/** The id a need names. */
export const needId = (need: FileNeed): string => (typeof need === 'string' ? need : need.task);

/** Checks ids and needs: duplicates, unknown ids, needs of oneself, cycles (named in the order "needs"). */
export function checkNeeds(
  document: SourceDocument,
  draft: DraftWorkflow,
): { readonly needs: NeedsIndex; readonly findings: readonly Diagnostic[] } {
  const graph = buildGraph(draft.tasks.map(({ file }) => ({ id: file.id, needs: file.needs.map(needId) })));
  const cycles = findCycles(graph);
  const findings = [
    ...duplicateIds(document, draft, graph),
    ...draft.tasks.flatMap((task) => badNeeds(document, task, graph)),
    ...cycles.map((cycle) => cycleFinding(document, draft, graph, cycle)),
  ];
  const certain = draft.tasks.every((task) => !task.unread.has('needs'));
  return { needs: needsIndex(graph, certain), findings };
}

function needsIndex(graph: Graph, certain: boolean): NeedsIndex {
  const isNeeded = transitiveNeeds(graph);
  return {
    ids: graph.ids,
    has: (id) => graph.indexes.has(id),
    comesBefore(task, need) {
      const from = graph.indexes.get(task);
      const to = graph.indexes.get(need);
      return !certain || from === undefined || to === undefined || isNeeded(from, to);
    },
  };
}

function duplicateIds(document: SourceDocument, draft: DraftWorkflow, graph: Graph): readonly Diagnostic[] {
  return draft.tasks.flatMap(({ file, index }, position) => {
    const first = graph.indexes.get(file.id);
    if (first === undefined || first === position) return [];
    const path = ['task', draft.tasks[first]?.index ?? 0, 'id'];
    const place = document.text === '' ? keyText(path) : `line ${document.place(path).line}`;
    return document.diagnostic(['task', index, 'id'], {
      code: 'duplicate-id',
      message: `Two tasks have the id "${file.id}"`,
      expected: 'an id of its own for every task',
      got: `"${file.id}" again`,
      advice: `Rename one of them; the first is at ${place}.`,
      which: 'value',
    });
  });
}

function badNeeds(document: SourceDocument, task: DraftTask, graph: Graph): readonly Diagnostic[] {
  const seen = new Set<string>();
  return task.file.needs.flatMap((need, position) => {
    const id = needId(need);
    const path = ['task', task.index, 'needs', position, ...(typeof need === 'string' ? [] : ['task'])];
    const problem = needProblem(task.file.id, need, seen, graph);
    seen.add(id);
    return problem === undefined ? [] : [document.diagnostic(path, { ...problem, which: 'value' })];
  });
}

function needProblem(task: string, need: FileNeed, seen: ReadonlySet<string>, graph: Graph) {
  const id = needId(need);
  if (id === task) {
    return {
      code: 'self-need',
      message: `Task "${task}" needs itself`,
      expected: 'another task',
      got: `"${id}"`,
      advice: 'Remove this need.',
    };
  }
  if (seen.has(id)) {
    return {
      code: 'duplicate-need',
      message: `Task "${task}" needs "${id}" twice`,
      expected: 'every need once',
      got: `"${id}" again`,
      advice: 'Remove one of them.',
    };
  }
  if (graph.indexes.has(id) || (typeof need !== 'string' && need.kind === 'optional')) return undefined;
  const near = suggest(id, graph.ids);
  return {
    code: 'unknown-need',
    message: `Task "${task}" needs "${id}", which is no task of this file`,
    expected: 'the id of a task',
    got: `"${id}"`,
    advice: near === undefined ? 'Add the task, or remove this need.' : `Did you mean "${near}"?`,
  };
}

function cycleFinding(
  document: SourceDocument,
  draft: DraftWorkflow,
  graph: Graph,
  cycle: readonly string[],
): Diagnostic {
  const [first = '', second = ''] = cycle;
  const task = draft.tasks[graph.indexes.get(first) ?? 0];
  const position = task?.file.needs.findIndex((need) => needId(need) === second) ?? 0;
  return document.diagnostic(['task', task?.index ?? 0, 'needs', position], {
    code: 'need-cycle',
    message: `Tasks need each other in a circle: ${cycle.join(' → ')}`,
    expected: 'needs without a circle',
    got: cycle.join(' → '),
    advice: `Remove one of these needs, such as "${second}" of task "${first}".`,
    which: 'value',
  });
}
