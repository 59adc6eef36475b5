/**
 * A life as a table: which event leads from which state to which. The same table gives the check, the audit event and the
 * diagram of the reference, so the three cannot disagree.
 */
export interface Transition<State extends string, Event extends string> {
  readonly from: State
  readonly on: Event
  readonly to: State
}

export interface StateMachine<State extends string, Event extends string> {
  readonly name: string
  readonly initial: State
  readonly transitions: readonly Transition<State, Event>[]
  /** The state after the event, or `undefined` where the table has no such step. */
  next(from: State, on: Event): State | undefined
  can(from: State, on: Event): boolean
  /** True for a state that nothing leads out of. */
  isFinal(state: State): boolean
  /** The life as a Mermaid state diagram. */
  diagram(): string
}

/** @throws TypeError when the table is ambiguous: two steps from one state on one event */
export function stateMachine<State extends string, Event extends string>(
  name: string,
  initial: State,
  transitions: readonly Transition<State, Event>[],
): StateMachine<State, Event> {
  const steps = new Map<string, State>()
  for (const step of transitions) {
    const key = `${step.from} ${step.on}`
    if (steps.has(key)) throw new TypeError(`state machine ${name}: two steps from ${step.from} on ${step.on}`)
    steps.set(key, step.to)
  }
  return {
    name,
    initial,
    transitions,
    next: (from, on) => steps.get(`${from} ${on}`),
    can: (from, on) => steps.has(`${from} ${on}`),
    isFinal: (state) => !transitions.some((step) => step.from === state),
    diagram: () => ['stateDiagram-v2', `  [*] --> ${initial}`, ...transitions.map((step) => `  ${step.from} --> ${step.to}: ${step.on}`)].join('\n'),
  }
}
