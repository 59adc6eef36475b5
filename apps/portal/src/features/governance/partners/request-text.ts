/** A request that a partner can send as it stands, in three languages. Pure: the page shows it, and a test runs it. */

/** How the partner proves, beside the token, that it is the receiver. */
export type Proof = 'token' | 'certificate' | 'dpop'

export interface RequestFacts {
  readonly origin: string
  /** The partner's reference. */
  readonly partner: string
  readonly purpose: string
  readonly proof: Proof
}

export const placeholders = { key: 'ghk_your-api-key', person: 'id-of-the-person' } as const

export const languages = ['curl', 'typescript', 'python'] as const
export type RequestLanguage = (typeof languages)[number]

/** A certificate is proven by the connection itself, so it is preferred where both kinds are registered. */
export function proofOf(kinds: readonly ('certificate' | 'jwk')[]): Proof {
  if (kinds.includes('certificate')) return 'certificate'
  return kinds.includes('jwk') ? 'dpop' : 'token'
}

export function requestText(language: RequestLanguage, facts: RequestFacts): string {
  return `${writers[language](facts).join('\n')}\n`
}

const writers = { curl, typescript, python } as const

/** A text between single quotes of a POSIX shell. */
const shell = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
/** JSON is a literal of TypeScript and of Python. */
const literal = (text: string) => JSON.stringify(text)

function curl({ origin, partner, purpose, proof }: RequestFacts): string[] {
  const body = `{"partner_id":${literal(partner)},"purpose":${literal(purpose)},"user_id":"`
  const post = (path: string, ...lines: string[]) => [`curl -sS ${shell(`${origin}${path}`)} \\`, "  -H 'content-type: application/json' \\", ...lines]
  const take = (name: string) => `$(printf '%s' "$ANSWER" | sed -n 's/.*"${name}":"\\{0,1\\}\\([^",}]*\\).*/\\1/p')`
  const redeem: Record<Proof, string[]> = {
    token: post('/v1/redeem', '  -d "{\\"token\\":\\"$TOKEN\\"}"'),
    certificate: [
      `sh examples/redeem.sh "${take('exchange_host')}" "${take('exchange_port')}" \\`,
      '  "$TOKEN" "$GATEHOUSE_FINGERPRINT" receiver.crt receiver.key',
    ],
    dpop: [
      `# DPOP_PROOF: typ dpop+jwt, htm POST, htu ${origin}/v1/redeem, iat now, a new jti`,
      ...post('/v1/redeem', '  -H "DPoP: $DPOP_PROOF" \\', '  -d "{\\"token\\":\\"$TOKEN\\"}"'),
    ],
  }
  return [
    `GATEHOUSE_API_KEY=${shell(placeholders.key)}`,
    `PERSON=${shell(placeholders.person)}`,
    '',
    `ANSWER=$(${post('/v1/authorize', '  -H "authorization: Bearer $GATEHOUSE_API_KEY" \\', `  -d ${shell(body)}"$PERSON"'"}')`).join('\n')}`,
    `printf '%s\\n' "$ANSWER"`,
    '',
    `TOKEN="${take('token')}"`,
    ...redeem[proof],
  ]
}

function typescript({ origin, partner, purpose, proof }: RequestFacts): string[] {
  const redeem: Record<Proof, string[]> = {
    token: ["const released = must(await gatehouse.POST('/v1/redeem', { body: { token: granted.token } }))"],
    certificate: [
      'const released = await redeemOnSocket({',
      '  host: granted.exchange_host,',
      '  port: granted.exchange_port,',
      '  token: granted.token,',
      '  fingerprint: process.env.GATEHOUSE_FINGERPRINT,',
      "  certificate: readFileSync('receiver.crt', 'utf8'),",
      "  privateKey: readFileSync('receiver.key', 'utf8'),",
      '})',
    ],
    dpop: [
      `const proof = await new SignJWT({ htm: 'POST', htu: ${literal(`${origin}/v1/redeem`)}, jti: crypto.randomUUID() })`,
      "  .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: publicJwk })",
      '  .setIssuedAt()',
      '  .sign(privateKey)',
      `const receiver = createClient({ origin: ${literal(origin)} })`,
      "const released = must(await receiver.POST('/v1/redeem', { body: { token: granted.token }, headers: { DPoP: proof } }))",
    ],
  }
  const imports: Record<Proof, string[]> = {
    token: [],
    certificate: ["import { readFileSync } from 'node:fs'", "import { redeemOnSocket } from '@gatehouse/sdk/exchange'"],
    dpop: ["import { SignJWT } from 'jose'", "import { privateKey, publicJwk } from './receiver-key.ts'"],
  }
  return [
    ...imports[proof],
    "import { createClient, must } from '@gatehouse/sdk/client'",
    '',
    `const gatehouse = createClient({ origin: ${literal(origin)}, key: process.env.GATEHOUSE_API_KEY ?? ${literal(placeholders.key)} })`,
    'const granted = must(',
    "  await gatehouse.POST('/v1/authorize', {",
    `    body: { partner_id: ${literal(partner)}, purpose: ${literal(purpose)}, user_id: ${literal(placeholders.person)} },`,
    '  }),',
    ')',
    ...redeem[proof],
    'console.log(released)',
  ]
}

function python({ origin, partner, purpose, proof }: RequestFacts): string[] {
  const redeem: Record<Proof, string[]> = {
    token: ['released = call("/v1/redeem", {"token": granted["token"]})', 'print(released)'],
    certificate: [
      'subprocess.run(["python3", "examples/redeem.py", granted["exchange_host"], str(granted["exchange_port"]),',
      '                granted["token"], os.environ["GATEHOUSE_FINGERPRINT"], "receiver.crt", "receiver.key"], check=True)',
    ],
    dpop: [
      'proof = jwt.encode(',
      `    {"htm": "POST", "htu": origin + "/v1/redeem", "jti": str(uuid.uuid4()), "iat": int(time.time())},`,
      '    open("receiver.key").read(), algorithm="ES256", headers={"typ": "dpop+jwt", "jwk": json.load(open("receiver.jwk"))})',
      'released = call("/v1/redeem", {"token": granted["token"]}, {"DPoP": proof})',
      'print(released)',
    ],
  }
  const imports: Record<Proof, string> = {
    token: 'import json, os, urllib.request',
    certificate: 'import json, os, subprocess, urllib.request',
    dpop: 'import json, os, time, urllib.request, uuid\nimport jwt  # PyJWT',
  }
  return [
    imports[proof],
    '',
    `origin = ${literal(origin)}`,
    `key = os.environ.get("GATEHOUSE_API_KEY", ${literal(placeholders.key)})`,
    '',
    'def call(path, body, headers={}):',
    '    request = urllib.request.Request(origin + path, json.dumps(body).encode(), {"content-type": "application/json", **headers})',
    '    with urllib.request.urlopen(request) as answer:',
    '        return json.load(answer)',
    '',
    'granted = call(',
    '    "/v1/authorize",',
    `    {"partner_id": ${literal(partner)}, "purpose": ${literal(purpose)}, "user_id": ${literal(placeholders.person)}},`,
    '    {"authorization": "Bearer " + key},',
    ')',
    ...redeem[proof],
  ]
}
