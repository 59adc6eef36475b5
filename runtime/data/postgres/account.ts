import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'

/** The account PostgreSQL runs as; `undefined` everywhere means "the account the node itself runs as". */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** An account made for this node first, then the one the distribution made for PostgreSQL, last the one every system has. */
const preferred = ['gatehouse', 'postgres', 'nobody']

/** The first preferred account in a passwd file (passwd(5)) that is not root under another name. */
export function chooseAccount(passwd: string): Account | undefined {
  const accounts = passwd.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':')
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : []
  })
  return preferred.flatMap((name) => accounts.filter((account) => account.name === name && account.uid > 0)).at(0)
}

/** PostgreSQL refuses to run as root, so a node started by root hands it to an account without rights. */
export async function serverAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const account = chooseAccount(await readFile('/etc/passwd', 'utf8'))
  if (account) return account
  throw new Error(
    'PostgreSQL refuses to run as root, and none of the accounts gatehouse, postgres and nobody exists. Make one (useradd --system gatehouse), or start the node as an ordinary user.',
  )
}

/** The name the node's own connections carry (peer authentication looks it up by uid). */
export function nodeUserName(): string {
  try {
    return userInfo().username
  } catch (cause) {
    throw new Error(`The user id ${process.getuid?.()} has no entry in /etc/passwd, which PostgreSQL needs. Add one, or set DATABASE_URL.`, { cause })
  }
}
