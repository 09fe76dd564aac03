/** What a row of the bench measured. */
export interface BenchResult {
  readonly name: string;
  /** The budget in words, such as "≤ 1.3× a raw pipe". */
  readonly budget: string;
  /** Every figure behind the ratio, by name with its unit. */
  readonly figures: Readonly<Record<string, number>>;
  /** The figure that the budget bounds: ours against the floor or peer of the same run. */
  readonly ratio: number;
  readonly unit: string;
  readonly verdict: 'within' | 'over';
}

/** One row of `npm run bench`: measures itself beside its floor or peer. */
export interface BenchRow {
  readonly name: string;
  run(): Promise<BenchResult>;
}
