/** A hospital for the story: its own PostgreSQL with patients, and a file of admissions that another department sends. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPool } from '@gatehouse/runtime/data/db'
import { startCluster } from '@gatehouse/runtime/data/postgres/cluster'

export interface Hospital {
  /** A folder with the server's socket, which the node must be allowed to reach. */
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly patients: number
  /** The file of admissions; one patient in ten was never admitted. */
  readonly admissions: string
  stop(): Promise<void>
}

const towns = ['York', 'Leeds', 'Hull', 'Ripon', 'Selby', 'Whitby']
const diagnoses = ['asthma', 'gout', 'migraine', 'hip fracture', 'pneumonia']

export const patientNumber = (index: number): string => `P${String(index).padStart(7, '0')}`
const admitted = (index: number): boolean => index % 10 !== 9

export async function openHospital(patients: number, onProgress: (step: string) => void): Promise<Hospital> {
  const home = await mkdtemp(join(tmpdir(), 'gatehouse-hospital-'))
  const remove = () => rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  const cluster = await startCluster({ instanceDir: home, durable: false, onProgress }).catch(async (error: unknown) => {
    await remove()
    throw error
  })
  const stop = async () => {
    await cluster.stop()
    await remove()
  }
  try {
    // The tables are the hospital’s; whoever reads them for the node may only read.
    const database = openPool({ connection: { ...cluster.superuser, database: cluster.connection.database }, poolSize: 1 })
    try {
      await database.pool.query(
        `CREATE TABLE patients (patient_number text PRIMARY KEY, family_name text NOT NULL, birth_year integer NOT NULL, sex text NOT NULL, town text NOT NULL)`,
      )
      await database.pool.query(
        // A few are very old: they stand out, however many patients there are.
        `INSERT INTO patients SELECT 'P' || lpad(n::text, 7, '0'), 'Name' || n, CASE WHEN n % 97 = 5 THEN 1905 + n / 97 % 30 ELSE 1935 + (n * 7) % 70 END, CASE WHEN n % 2 = 0 THEN 'F' ELSE 'M' END, ($1::text[])[1 + (n / 3) % $2]
          FROM generate_series(0, $3 - 1) AS n`,
        [towns, towns.length, patients],
      )
      await database.pool.query(`GRANT SELECT ON patients TO ${cluster.connection.user}; REVOKE CREATE ON SCHEMA public FROM PUBLIC`)
    } finally {
      await database.close()
    }
  } catch (error) {
    await stop()
    throw error
  }
  const { host, port, database, user } = cluster.connection
  return { host, port, database, user, patients, admissions: admissionsOf(patients), stop }
}

function admissionsOf(patients: number): string {
  const rows = Array.from({ length: patients }, (_, index) => index)
    .filter(admitted)
    .map((index) => `${patientNumber(index)},${diagnoses[(index * 11) % diagnoses.length]},${1 + (index % 12)}`)
  return `patient_number,diagnosis,days\n${rows.join('\n')}\n`
}

export const admittedOf = (patients: number): number => Array.from({ length: patients }, (_, index) => index).filter(admitted).length
