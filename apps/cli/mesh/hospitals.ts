/** Hospitals for a mesh on one machine: each knows another part of the same people. Pure. */

export interface Hospital {
  /** Its name in the mesh. */
  readonly name: string
  readonly title: string
  readonly patients: string
  readonly stays: string
}

const names = [
  ['lakeside', 'Lakeside Hospital'],
  ['hillside', 'Hillside Hospital'],
  ['riverside', 'Riverside Hospital'],
  ['seaside', 'Seaside Hospital'],
  ['woodside', 'Woodside Hospital'],
] as const
export const hospitalsMax = names.length

const towns = ['York', 'Leeds', 'Hull', 'Ripon']
const diagnoses = ['asthma', 'gout', 'migraine', 'hip fracture', 'pneumonia']

export const patientNumber = (index: number): string => `P${String(index).padStart(7, '0')}`
/** Of ten people one was never in the hospital, each time another one. */
const stayed = (index: number, hospital: number): boolean => index % 10 !== (9 - hospital + 10) % 10

export function hospitals(count: number, people: number): Hospital[] {
  const everybody = Array.from({ length: people }, (_, index) => index)
  const patients = everybody.map((index) => `${patientNumber(index)},${1940 + ((index * 7) % 60)},${towns[Math.floor(index / 3) % towns.length]}`)
  return names.slice(0, count).map(([name, title], hospital) => ({
    name,
    title,
    patients: `patient_number,birth_year,town\n${patients.join('\n')}\n`,
    stays: `patient_number,diagnosis,days\n${everybody
      .filter((index) => stayed(index, hospital))
      .map((index) => `${patientNumber(index)},${diagnoses[(index * 11 + hospital) % diagnoses.length]},${1 + ((index + hospital) % 12)}`)
      .join('\n')}\n`,
  }))
}

/** Who was in each of the hospitals that are asked for their stays: what a query across them comes to. */
export const inAllOf = (asked: readonly number[], people: number): number =>
  Array.from({ length: people }, (_, index) => index).filter((index) => asked.every((hospital) => stayed(index, hospital))).length
