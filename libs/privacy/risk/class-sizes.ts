/** A sample as the estimators of population uniqueness see it: how large its classes are. */
export interface ClassSizes {
  /** `classesOfSize.get(s)`: number of classes with s rows; no sizes of 0 and no counts of 0. */
  readonly classesOfSize: ReadonlyMap<number, number>
  readonly classCount: number
  readonly rowCount: number
}

export function classSizes(classesOfSize: ReadonlyMap<number, number>): ClassSizes {
  const occurring = new Map([...classesOfSize].filter(([size, classes]) => size > 0 && classes > 0))
  let classCount = 0
  let rowCount = 0
  for (const [size, classes] of occurring) {
    classCount += classes
    rowCount += size * classes
  }
  return { classesOfSize: occurring, classCount, rowCount }
}
