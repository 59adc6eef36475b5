/** The kinds of messages about parts. */
export const partKinds = {
  part: 'query.part',
  state: 'query.part_state',
  result: 'query.part_result',
  refused: 'query.part_refused',
  cancel: 'query.part_cancel',
  session: 'query.session',
} as const
