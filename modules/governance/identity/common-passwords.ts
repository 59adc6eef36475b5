/** What passwords must not be made of. Nothing here needs the network. */
import { dictionary } from '@zxcvbn-ts/language-common'

/** The 49,000 passwords that stand most often in published leaks, in small letters. */
const breached: ReadonlySet<string> = new Set(dictionary['passwords-common'])
const breachedCharactersMin = 4

/** Those of the breached passwords that stand somewhere in a text in small letters. */
export function breachedIn(text: string): string[] {
  const found: string[] = []
  for (let from = 0; from + breachedCharactersMin <= text.length; from++) {
    for (let to = text.length; to - from >= breachedCharactersMin; to--) {
      const part = text.slice(from, to)
      if (breached.has(part)) found.push(part)
    }
  }
  return found
}

/** The building blocks that people put passwords together from, which lists of whole passwords do not show. */
const blocks = `
password passwort passwd passw0rd p4ssw0rd pa55word contrasena clave motdepasse senha parola secret secreto geheim admin administrator root user
guest login welcome bienvenido hello hola letmein opensesame changeme cambiame default test testing temp temporal demo sample example master
qwerty qwertz azerty qwertyuiop asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx wsxedc 1qaz2wsx zaq12wsx q1w2e3r4 1q2w3e4r qweasd qweqwe asdasd
0123456789 1234567890 123456789 12345678 1234567 123456 12345 1234 987654321 87654321 7654321 654321 54321 4321 111111 222222 333333 444444 555555
666666 777777 888888 999999 000000 121212 123123 123321 112233 131313 159753 147258 696969 1313 2000 2020 2021 2022 2023 2024 2025 2026 2027
abcdefghijkl abcdefgh abcdef abcd1234 abc123 abc aaaaaa iloveyou loveyou teamo tequiero amor love lovely forever sunshine princess princesa flower
butterfly mariposa angel angels friend friends family familia mother father daddy mommy baby babygirl prince queen king
dragon monkey tigger tiger lion eagle falcon phoenix shadow ranger hunter killer maverick mustang harley corvette ferrari porsche mercedes
football futbol soccer baseball basketball hockey tennis golf liverpool arsenal chelsea barcelona realmadrid juventus yankees cowboys steelers
superman batman spiderman pokemon pikachu starwars startrek naruto minecraft fortnite matrix merlin gandalf computer internet samsung google
facebook twitter apple android windows microsoft linux oracle server network
michael michelle jordan jennifer jessica ashley amanda nicole daniel andrew anthony joshua matthew robert thomas charlie george william
alexander alexandra carlos maria jose antonio francisco alejandro fernando isabel
summer winter spring autumn verano invierno january february march april august september october november december monday friday sunday
cookie chocolate cheese banana orange pepper ginger coffee whatever trustno1 blink182 freedom liberty nothing money dinero
hospital clinic doctor patient bank gatehouse
`

/** Longest first, so that `qwertyuiop` is found before `qwerty`. */
export const commonBlocks: readonly string[] = blocks
  .trim()
  .split(/\s+/)
  .sort((left, right) => right.length - left.length)
