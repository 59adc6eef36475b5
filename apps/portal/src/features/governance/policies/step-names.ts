export const stepNames = ['begin', 'who', 'fields', 'limits', 'check'] as const
export type StepName = (typeof stepNames)[number]
