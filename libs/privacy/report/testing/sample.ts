/** A treatment that has something of everything a report can tell. */
import { sampleRisk } from '../../risk/sample-risk.ts'
import type { ReportData } from '../data.ts'

const sizes = (counts: Readonly<Record<number, number>>): number[] =>
  Object.entries(counts).flatMap(([size, classes]) => Array<number>(classes).fill(Number(size)))

export const sampleReport: ReportData = {
  title: 'customers.csv',
  at: '2026-11-22T09:30:00Z',
  rowsBefore: 2_000,
  rowsAfter: 1_934,
  rowsSuppressed: 66,
  suppressionLimit: 0.05,
  riskThreshold: 0.2,
  riskBefore: sampleRisk(sizes({ 1: 1_400, 2: 160, 3: 60, 5: 20 }), 0.2),
  riskAfter: sampleRisk(sizes({ 5: 30, 8: 40, 17: 20, 60: 10, 262: 2 }), 0.2),
  populationUniqueness: { before: 0.31, after: 0, estimator: 'zayatz', populationSize: 67_000_000 },
  models: [
    { name: '5-anonymity', description: 'Every row looks like at least 4 others.', verdict: 'holds' },
    {
      name: 'distinct 3-diversity of occupation',
      description: 'Rows that look alike have at least 3 different values of occupation.',
      verdict: 'voided',
      remark: 'pram of occupation voids it.',
    },
  ],
  columns: [
    { name: 'given_name', role: 'identifying', done: [{ what: 'Taken out: a direct identifier' }], before: { distinct: 1_811, missing: 0 } },
    {
      name: 'age',
      role: 'quasi',
      done: [],
      before: { distinct: 96, missing: 0, mean: 41.2, deviation: 22.1 },
      after: { distinct: 10, missing: 0 },
      generalisation: {
        level: 2,
        height: 4,
        weight: 1,
        labels: ['[0, 10)', '[10, 20)', '[20, 30)', '[30, 40)', '[40, 50)', '[50, 60)'],
        labelCount: 10,
        loss: 0.124,
      },
    },
    {
      name: 'postcode',
      role: 'quasi',
      done: [],
      before: { distinct: 1_960, missing: 4 },
      after: { distinct: 12, missing: 0 },
      generalisation: { level: 3, height: 3, weight: 0.5, labels: ['*'], labelCount: 1, loss: 1 },
    },
    {
      name: 'sex',
      role: 'quasi',
      done: [],
      before: { distinct: 2, missing: 0 },
      after: { distinct: 2, missing: 0 },
      generalisation: { level: 0, height: 1, weight: 1, labels: [], labelCount: 2, loss: 0.033 },
    },
    {
      name: 'occupation',
      role: 'sensitive',
      done: [
        {
          what: 'Replaces categories at random by known probabilities: keep 0.8',
          note: 'Each single value can be denied.',
          voids: ['distribution', 'differential_privacy'],
        },
      ],
      before: { distinct: 31, missing: 0 },
      after: { distinct: 31, missing: 0 },
    },
  ],
  search: {
    strategy: 'optimal',
    optimal: true,
    measure: 'loss',
    measureDescription: 'How much of the domain of each attribute the released values leave open, from 0 (nothing changed) to 1 (nothing left).',
    value: 0.2419323651,
    nodes: 40,
    checked: 14,
    heights: [4, 3, 1],
    levels: [2, 3, 0],
    rounds: 1,
  },
  loop: {
    met: true,
    goal: 'highest risk of a row at most 20 %',
    rounds: [
      { setting: 'k = 2', risk: 0.5, loss: 0.11, suppressed: 12 },
      { setting: 'k = 5', risk: 0.2, loss: 0.24, suppressed: 66, remark: 'age is weighted most and was generalised least' },
    ],
  },
}
