/** The cryptography of linkage, for each second of one core. Every part stands in `linkage-crypto/` and brings its rows and checks. */
import { measureAnon } from './linkage-crypto/anon.ts'
import { measureClk } from './linkage-crypto/clk.ts'
import { measurePsi } from './linkage-crypto/psi.ts'
import { measureTokens } from './linkage-crypto/tokens.ts'
import { report } from './report.ts'

const parts = [await measureTokens(), await measureAnon(), await measureClk(), await measurePsi()]
report(
  'linkage-crypto',
  parts.flatMap(({ rows }) => rows),
  parts.flatMap(({ checks }) => checks),
)
