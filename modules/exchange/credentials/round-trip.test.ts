/** Two institutions on two nodes and a wallet between them, over real sockets. Refusals first. */
import { issueCredential } from '@gatehouse/credentials/sd-jwt/issue'
import { signJws } from '@gatehouse/credentials/sd-jwt/jws'
import { nodePrimitives, nodeSigner } from '@gatehouse/crypto/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openInstitution, purpose, type TestInstitution } from './testing/institution.ts'
import { type Asked, openWallet, postForm, readOffer, readRequest, show, vpToken, type Wallet, wellKnown } from './testing/wallet.ts'

let hospital: TestInstitution
let bank: TestInstitution
let wallet: Wallet
let other: Wallet
let credential: string
let credentialId: string
beforeAll(async () => {
  ;[hospital, bank] = [await openInstitution('hospital'), await openInstitution('bank')]
  await hospital.fill()
  ;[wallet, other] = [await openWallet('ES256', hospital.clock.nowMs), await openWallet('EdDSA', hospital.clock.nowMs)]
  credential = await wallet.accept(await offered('of_age'))
  credentialId = (await hospital.done('credentials.list', {})).data[0].id
})
afterAll(async () => {
  await hospital.close()
  await bank.close()
})

const offered = (type: string, user_id = 'P-1') => hospital.done('credentials.offer', { user_id, type })
const lastEntry = (at: TestInstitution) => at.entries.at(-1)
const payloadOf = (text: string) => JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>

describe('an offer is refused', () => {
  it('to whoever is unknown, without consent, or asks for what no rule permits, and nobody learns which of them is known', async () => {
    expect(await hospital.refused('credentials.offer', { user_id: 'nobody', type: 'of_age' })).toMatchObject({ status: 403, reasons: ['not_available'] })
    expect(await hospital.refused('credentials.offer', { user_id: 'P-1', type: 'diabetes' })).toMatchObject({ status: 403, reasons: ['no_consent'] })
    expect(await hospital.refused('credentials.offer', { user_id: 'P-1', type: 'named' })).toMatchObject({ status: 403 })
    expect(lastEntry(hospital)).toMatchObject({ type: 'credentials.offer', facts: { decision: 'deny' } })
  })

  it('to a person for a type that is not for everybody, or for somebody else', async () => {
    const person = hospital.principal({ kind: 'user', roles: ['person'], subject: await hospital.subjectOf('P-1') })
    expect(await hospital.refused('credentials.offer_mine', { type: 'approved' }, person)).toMatchObject({ status: 404 })
    expect(await hospital.refused('credentials.offer_mine', { type: 'of_age' }, hospital.principal({}))).toMatchObject({ status: 404 })
  })
})

describe('a type is refused', () => {
  const terms = { slug: 'x', name: 'X', claim: 'x', rule: { how: 'copy', field: 'diagnosis' }, purpose, record_type: 'patient' }
  it.each([
    ['of a field that is not there', { rule: { how: 'copy', field: 'salary' } }],
    ['of a class that is not there', { record_type: 'customer' }],
    ['for a purpose that is not there', { purpose: 'dpv:Nonsense' }],
    ['under a name that is taken', { slug: 'of_age' }],
  ])('%s', async (_, change) => {
    expect(await hospital.refused('credentials.define_type', { ...terms, ...change })).toMatchObject({
      type: expect.stringMatching(/slug-taken|record-type-unknown/),
    })
  })
  it('that would change the envelope, or by which a person approves oneself', async () => {
    await expect(hospital.done('credentials.define_type', { ...terms, claim: 'iss' })).rejects.toMatchObject({ kind: { status: 400 } })
    await expect(hospital.done('credentials.define_type', { ...terms, rule: { how: 'fixed', value: true }, self_service: true })).rejects.toMatchObject({
      kind: { status: 400 },
    })
  })
})

describe('a code is refused', () => {
  const invalid = { status: 400, body: { error: 'invalid_grant' } }

  it('with another grant type, a parameter that stands twice, and as JSON', async () => {
    const offer = readOffer((await offered('of_age')).uri)
    expect(await wallet.redeem(offer, '000000', { grant_type: 'authorization_code' })).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } })
    const twice = await fetch(`${hospital.base}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=a&grant_type=b',
    })
    expect(await twice.json()).toMatchObject({ error: 'invalid_request' })
    expect(twice.headers.get('content-type')).toContain('application/json')
    const json = await fetch(`${hospital.base}/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
    expect(json.status).toBe(415)
  })

  it('after five wrong transaction codes, also with the right one', async () => {
    const made = await offered('of_age')
    const offer = readOffer(made.uri)
    const wrong = made.tx_code === '000000' ? '111111' : '000000'
    for (let tries = 0; tries < 5; tries++) expect(await wallet.redeem(offer, wrong)).toMatchObject(invalid)
    expect(await wallet.redeem(offer, made.tx_code)).toMatchObject(invalid)
    expect(lastEntry(hospital)).toMatchObject({ type: 'credentials.token', facts: { details: { reasons: ['burned'] } } })
  })

  it('the second time, however many come at once', async () => {
    const made = await offered('of_age')
    const offer = readOffer(made.uri)
    const answers = await Promise.all(Array.from({ length: 8 }, () => wallet.redeem(offer, made.tx_code)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(400)])
    expect(await wallet.redeem(offer, made.tx_code)).toMatchObject(invalid)
  })

  it('when its time is over, and when nobody gave it', async () => {
    const made = await offered('of_age')
    hospital.clock.advance(600_000)
    expect(await wallet.redeem(readOffer(made.uri), made.tx_code)).toMatchObject(invalid)
    expect(await wallet.redeem({ ...readOffer(made.uri), code: `gho_${'A'.repeat(43)}` }, made.tx_code)).toMatchObject(invalid)
  })
})

describe('a credential is not issued', () => {
  const accepted = async (type = 'of_age', user_id = 'P-1') => {
    const made = await offered(type, user_id)
    const offer = readOffer(made.uri)
    const { body } = await wallet.redeem(offer, made.tx_code)
    return { offer, token: body.access_token as string }
  }

  it('without the token, with another’s form, or for another type', async () => {
    const { offer, token } = await accepted()
    const proof = await wallet.prove(offer.issuer)
    for (const bad of ['', 'x', `ghw_${'A'.repeat(43)}`])
      expect(await wallet.fetchWith(offer, bad, proof)).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
    expect(await wallet.fetchWith({ ...offer, configuration: 'approved' }, token, proof)).toMatchObject({ body: { error: 'unknown_credential_configuration' } })
  })

  it('for a proof to another issuer, an old one, one with an old or foreign nonce, of another type, with another’s key, or unsigned', async () => {
    const { offer, token } = await accepted()
    const foreign = payloadOf(await wallet.prove(offer.issuer, { payload: {} })).nonce as string
    const proofs: [string, string][] = [
      [await wallet.prove(offer.issuer, { payload: { aud: bank.base } }), 'invalid_proof'],
      [await wallet.prove(offer.issuer, { payload: { iat: wallet.now() - 301 } }), 'invalid_proof'],
      [await wallet.prove(offer.issuer, { payload: { iat: wallet.now() + 61 } }), 'invalid_proof'],
      [await wallet.prove(offer.issuer, { header: { typ: 'JWT' } }), 'invalid_proof'],
      [await wallet.prove(offer.issuer, { header: { jwk: other.jwk } }), 'invalid_proof'],
      [await wallet.prove(offer.issuer, { payload: { nonce: 'x' } }), 'invalid_nonce'],
      [await wallet.prove(offer.issuer, { payload: { nonce: `${foreign.startsWith('A') ? 'B' : 'A'}${foreign.slice(1)}` } }), 'invalid_nonce'],
      [
        `${Buffer.from('{"alg":"none","typ":"openid4vci-proof+jwt"}').toString('base64url')}.${(await wallet.prove(offer.issuer)).split('.')[1]}.`,
        'invalid_proof',
      ],
    ]
    for (const [proof, error] of proofs) expect(await wallet.fetchWith(offer, token, proof)).toMatchObject({ status: 400, body: { error } })
    const early = await wallet.prove(offer.issuer)
    hospital.clock.advance(299_000)
    // The nonce still counts and so does the token; a second later neither does.
    expect(await wallet.fetchWith(offer, token, early)).toMatchObject({ status: 200 })
    expect(await wallet.fetchWith(offer, token, early)).toMatchObject({ status: 401 })
  })

  it('once the consent it rests on is withdrawn in between', async () => {
    const consent = await hospital.done('consents.give', {
      user_id: 'P-4',
      purposes: ['dpv:ServiceProvision'],
      recipients: ['holder'],
      data_classes: ['patient'],
      method: 'paper',
    })
    const { offer, token } = await accepted('diabetes', 'P-4')
    await hospital.done('consents.withdraw', { consent: consent.consent.id, user_id: 'P-4' })
    expect(await wallet.fetchWith(offer, token, await wallet.prove(offer.issuer))).toMatchObject({ status: 403, body: { error: 'credential_request_denied' } })
    expect(await wallet.fetchWith(offer, token, await wallet.prove(offer.issuer))).toMatchObject({ status: 401 })
  })
})

describe('a presentation to a second institution', () => {
  const ask = async (more: object = {}) => {
    const { presentation, uri } = await bank.done('credentials.ask', {
      vct: `${hospital.base}/types/of_age`,
      claims: ['age_over_18'],
      issuers: [hospital.did],
      purpose,
      ...more,
    })
    bank.clock.set(hospital.clock.nowMs())
    return { id: presentation.id as string, uri: uri as string, asked: await readRequest(uri, bank.clock.nowMs()) }
  }
  const answer = (asked: Asked, presentation: string) => postForm(asked.response_uri, { state: asked.state, vp_token: vpToken(asked, presentation) })
  const outcome = (id: string) => bank.done('credentials.presentation', { presentation: id })
  const present = async (change: (asked: Asked) => Promise<string>, more: object = {}) => {
    bank.clock.set(hospital.clock.nowMs())
    const { id, asked } = await ask(more)
    const reply = await answer(asked, await change(asked))
    return { id, asked, reply }
  }
  const refusedFor = async (reason: string, change: (asked: Asked) => Promise<string>, more: object = {}) => {
    const { id, reply } = await present(change, more)
    expect(reply).toMatchObject({ status: 400, body: { error: 'presentation_refused', reason } })
    expect(await outcome(id)).toMatchObject({ status: 'refused', reason, shown: null })
  }
  const shown = () => show(credential, ['age_over_18'])
  const good = (asked: Asked) => wallet.bind(shown(), { aud: asked.client_id, nonce: asked.nonce })
  /** As the hospital would sign it. */
  const resigned = async (payload: object) => {
    const signer = await hospital.door.node.keys.signer(hospital.tenant, 'credentials/issuer')
    return `${signJws({ typ: 'dc+sd-jwt', kid: `${hospital.did}#credentials-1` }, payload as never, signer.sign)}~`
  }

  it('is verified, once, with nothing but the claim', async () => {
    const { id, asked, reply } = await present(good)
    expect(reply).toMatchObject({ status: 200, body: {} })
    expect(await outcome(id)).toMatchObject({ status: 'proven', issuer: hospital.did, shown: { age_over_18: true }, reason: null })
    expect(JSON.stringify(payloadOf(credential))).not.toMatch(/1980-04|Quetzalli/)
    // The same answer again, and another one.
    expect(await answer(asked, await good(asked))).toMatchObject({ status: 404 })
    expect(await bank.done('credentials.presentations', {})).toMatchObject({ data: [expect.not.objectContaining({ shown: expect.anything() })] })
  })

  it('is refused for another verifier, with an old or future signature, under another nonce, without one', async () => {
    await refusedFor('audience_mismatch', (asked) => wallet.bind(shown(), { aud: hospital.base, nonce: asked.nonce }))
    await refusedFor('audience_mismatch', (asked) => wallet.bind(shown(), { aud: asked.response_uri, nonce: asked.nonce }))
    await refusedFor('too_old', (asked) => wallet.bind(shown(), { aud: asked.client_id, nonce: asked.nonce, iat: wallet.now() - 301 }))
    await refusedFor('from_the_future', (asked) => wallet.bind(shown(), { aud: asked.client_id, nonce: asked.nonce, iat: wallet.now() + 61 }))
    await refusedFor('nonce_mismatch', (asked) => wallet.bind(shown(), { aud: asked.client_id, nonce: `${asked.nonce}x` }))
    await refusedFor('key_binding_missing', async () => shown())
    await refusedFor('key_binding_invalid', (asked) => other.bind(shown(), { aud: asked.client_id, nonce: asked.nonce }))
  })

  it('is refused when it was made for another request of the same verifier', async () => {
    const first = await ask()
    const replayed = await good(first.asked)
    await refusedFor('nonce_mismatch', async () => replayed)
    expect(await answer(first.asked, replayed)).toMatchObject({ status: 200 })
  })

  it('is refused from another issuer: one that is not asked for, one that signs in the hospital’s name, one without a signature', async () => {
    await refusedFor('issuer_unknown', good, { issuers: [bank.did] })
    const swapped = await issueCredential(nodePrimitives, nodeSigner(new Uint8Array(32).fill(9)), {
      issuer: hospital.did,
      keyId: `${hospital.did}#credentials-1`,
      vct: `${hospital.base}/types/of_age`,
      holder: wallet.jwk as never,
      issuedAt: wallet.now(),
      expiresAt: wallet.now() + 1_000,
      status: payloadOf(credential).status as never,
      claims: { age_over_18: true },
    })
    await refusedFor('signature_invalid', (asked) => wallet.bind(show(swapped, ['age_over_18']), { aud: asked.client_id, nonce: asked.nonce }))
    const head = Buffer.from('{"alg":"none","typ":"dc+sd-jwt"}').toString('base64url')
    await refusedFor('malformed', (asked) =>
      wallet.bind(
        shown()
          .replace(/^[^.]+/, head)
          .replace(/\.[^.~]*~/, '.~'),
        { aud: asked.client_id, nonce: asked.nonce },
      ),
    )
  })

  it('is refused with a digest that stands twice, without the claim, and of another type', async () => {
    const payload = payloadOf(credential)
    const [first] = payload._sd as string[]
    const twice = await resigned({ ...payload, _sd: [...(payload._sd as string[]), first] })
    await refusedFor('duplicate_digest', (asked) => wallet.bind(twice, { aud: asked.client_id, nonce: asked.nonce }))
    await refusedFor('claim_missing', (asked) => wallet.bind(show(credential, []), { aud: asked.client_id, nonce: asked.nonce }))
    await refusedFor('type_refused', good, { vct: `${hospital.base}/types/age_band` })
  })

  it('is refused with another state, and without a presentation; a wallet may decline', async () => {
    const first = await ask()
    expect(await postForm(first.asked.response_uri, { state: 'x', vp_token: vpToken(first.asked, await good(first.asked)) })).toMatchObject({
      body: { reason: 'state_mismatch' },
    })
    const second = await ask()
    expect(await postForm(second.asked.response_uri, { state: second.asked.state, vp_token: '{"credential":["a","b"]}' })).toMatchObject({
      body: { reason: 'answer_malformed' },
    })
    const third = await ask()
    expect(await postForm(third.asked.response_uri, { state: third.asked.state, error: 'access_denied' })).toMatchObject({ status: 200 })
    expect(await outcome(third.id)).toMatchObject({ status: 'declined' })
  })

  it('counts once, however many come at once, and not when the time is over', async () => {
    const { asked } = await ask()
    const presentation = await good(asked)
    const answers = await Promise.all(Array.from({ length: 8 }, () => answer(asked, presentation)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(404)])
    const late = await ask()
    bank.clock.advance(600_000)
    expect(await answer(late.asked, await good(late.asked))).toMatchObject({ status: 404 })
    await expect(readRequest(late.uri, bank.clock.nowMs())).rejects.toThrow('not there')
    expect(await outcome(late.id)).toMatchObject({ status: 'expired' })
  })

  it('is not given by a wallet to a request that was changed on the way', async () => {
    const { uri } = await ask()
    const turned = (text: string) => {
      const [head, body = '', end] = text.split('.')
      const payload = { ...JSON.parse(Buffer.from(body, 'base64url').toString()), response_uri: 'https://thief.example.org' }
      return [head, Buffer.from(JSON.stringify(payload)).toString('base64url'), end].join('.')
    }
    await expect(readRequest(uri, bank.clock.nowMs(), turned)).rejects.toThrow('signature')
  })

  it('is refused where the status cannot be learned, or the keys of the issuer', async () => {
    hospital.cut.add('/status/')
    await refusedFor('status_unknown', good)
    hospital.cut.clear()
    hospital.cut.add(`/did.json`)
    // The bank’s own document is on the bank’s node.
    await refusedFor('issuer_unknown', good)
    hospital.cut.clear()
  })

  it('is refused while suspended, taken again afterwards, and never more once revoked', async () => {
    const status = (to: string) => hospital.done('credentials.change_status', { credential: credentialId, status: to })
    await status('suspended')
    await refusedFor('revoked', good)
    await status('valid')
    expect((await present(good)).reply.status).toBe(200)
    await status('revoked')
    await refusedFor('revoked', good)
    expect(await hospital.refused('credentials.change_status', { credential: credentialId, status: 'valid' })).toMatchObject({ status: 409 })
  })

  it('holds when the issuer has a new key since, which signs from then on; not when the old one was taken back', async () => {
    const kidOf = (text: string) => (JSON.parse(Buffer.from(text.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid
    const listKid = async () => kidOf(await (await fetch(`${hospital.base}/status/1`)).text())
    const keyIds = async () => ((await (await fetch(`${hospital.base}/did.json`)).json()) as { assertionMethod: string[] }).assertionMethod
    const [first, second, third] = [1, 2, 3].map((generation) => `${hospital.did}#credentials-${generation}`)
    const proves = async (text: string) => {
      const { reply } = await present((asked) => wallet.bind(show(text, ['age_over_18']), { aud: asked.client_id, nonce: asked.nonce }))
      return reply.status === 200 ? 'proven' : reply.body.reason
    }

    const early = await wallet.accept(await offered('of_age'))
    await hospital.done('keyring.rotate_signing', { key: 'credentials' })
    const later = await wallet.accept(await offered('of_age'))
    expect([kidOf(early), kidOf(later), await listKid()]).toEqual([first, second, second])
    expect(await keyIds()).toEqual([second, first])
    expect([await proves(early), await proves(later)]).toEqual(['proven', 'proven'])

    hospital.clock.advance(1_000)
    await hospital.done('keyring.rotate_signing', { key: 'credentials', earlier_days: 0 })
    expect(await keyIds()).toEqual([third, first])
    expect([await proves(early), await proves(later)]).toEqual(['proven', 'issuer_unknown'])
    expect([kidOf(await wallet.accept(await offered('of_age'))), await listKid()]).toEqual([third, third])
  })

  it('to the institution that issued it asks no network', async () => {
    const own = await wallet.accept(await offered('approved'))
    hospital.cut.add('/status/')
    const { presentation, uri } = await hospital.done('credentials.ask', {
      vct: `${hospital.base}/types/approved`,
      claims: ['approved'],
      issuers: [hospital.did],
      purpose,
    })
    const asked = await readRequest(uri, hospital.clock.nowMs())
    expect(await answer(asked, await wallet.bind(show(own, ['approved']), { aud: asked.client_id, nonce: asked.nonce }))).toMatchObject({ status: 200 })
    hospital.cut.clear()
    expect(await hospital.done('credentials.presentation', { presentation: presentation.id })).toMatchObject({ shown: { approved: true } })
  })
})

describe('claims', () => {
  const claimOf = (text: string, name: string) => {
    const disclosures = text.split('~').slice(1, -1)
    return disclosures.map((one) => JSON.parse(Buffer.from(one, 'base64url').toString())).find(([, own]) => own === name)?.[2]
  }

  it('say as little as answers the question', async () => {
    expect(claimOf(await wallet.accept(await offered('of_age', 'P-2')), 'age_over_18')).toBe(false)
    expect(claimOf(await wallet.accept(await offered('age_band')), 'age_band')).toBe('30-64')
    expect(claimOf(await wallet.accept(await offered('approved')), 'approved')).toBe(true)
    await hospital.done('consents.give', {
      user_id: 'P-1',
      purposes: ['dpv:ServiceProvision'],
      recipients: ['holder'],
      data_classes: ['patient'],
      method: 'paper',
    })
    const diagnosis = await other.accept(await offered('diabetes'))
    expect(claimOf(diagnosis, 'diabetes')).toBe(true)
    expect(
      diagnosis
        .split('~')
        .map((part) => Buffer.from(part, 'base64url').toString())
        .join(' '),
    ).not.toContain('E11')
  })

  it('leave no value in the ledger, in events or in the log of the node', async () => {
    const text = JSON.stringify([hospital.entries, bank.entries, hospital.logLines, bank.logLines])
    for (const secret of ['1980-04-12', 'Quetzalli', 'E11.9', '30-64', 'age_over_18":true', 'P-1']) expect(text, secret).not.toContain(secret)
    expect(
      hospital.entries.some(
        ({ type, facts }) => type === 'credentials.fetch' && facts.decision === 'permit' && /^[0-9a-f]{64}$/.test(String(facts.details?.credential_digest)),
      ),
    ).toBe(true)
  })
})

describe('what is public', () => {
  it('is described, cacheable, and not there for an institution that is not', async () => {
    const list = await fetch(`${hospital.base}/status/1`)
    expect(list.headers.get('content-type')).toBe('application/statuslist+jwt')
    expect(list.headers.get('cache-control')).toBe('public, max-age=60')
    const issuer = await (await fetch(wellKnown(hospital.base, 'openid-credential-issuer'))).json()
    expect(issuer).toMatchObject({
      credential_issuer: hospital.base,
      credential_configurations_supported: { of_age: { format: 'dc+sd-jwt', vct: `${hospital.base}/types/of_age` } },
    })
    expect(await (await fetch(`${hospital.base}/types/of_age`)).json()).toMatchObject({
      vct: `${hospital.base}/types/of_age`,
      claims: [{ path: ['age_over_18'] }],
    })
    const nobody = hospital.base.replace(/.$/, 'f')
    for (const path of ['did.json', 'status/1', 'types/of_age']) expect((await fetch(`${nobody}/${path}`)).status, path).toBe(404)
    expect((await fetch(`${nobody}/nonce`, { method: 'POST' })).status).toBe(404)
    for (const path of ['status/2', 'types/none']) expect((await fetch(`${hospital.base}/${path}`)).status, path).toBe(404)
  })

  it('gives places at random', async () => {
    const places = (
      await hospital.database.transaction(hospital.tenant, (tx) => tx.query<{ place: number }>('SELECT c.place FROM credentials.credential c ORDER BY c.id'))
    ).map(({ place }) => place)
    expect(places.length).toBeGreaterThan(4)
    expect(places).not.toEqual([...places].sort((a, b) => a - b))
    expect(Math.max(...places)).toBeGreaterThan(1_000)
  })
})

describe('a person', () => {
  it('fetches an own credential, sees it and revokes it; nobody else’s', async () => {
    const person = hospital.principal({ kind: 'user', roles: ['person'], subject: await hospital.subjectOf('P-3') })
    const stranger = hospital.principal({ kind: 'user', roles: ['person'], subject: await hospital.subjectOf('P-2') })
    await wallet.accept(await hospital.done('credentials.offer_mine', { type: 'of_age' }, person))
    const mine = await hospital.done('credentials.mine', {}, person)
    expect(mine).toMatchObject({ types: [{ slug: 'of_age' }], credentials: [{ type: 'of_age', status: 'valid' }] })
    const { id } = mine.credentials[0]
    expect(await hospital.refused('credentials.revoke_mine', { credential: id }, stranger)).toMatchObject({ status: 404 })
    expect(await hospital.done('credentials.revoke_mine', { credential: id }, person)).toMatchObject({ status: 'revoked' })
  })

  it('who is erased is revoked and forgotten', async () => {
    const subject = await hospital.subjectOf('P-2')
    const credential = await wallet.accept(await offered('of_age', 'P-2'))
    const { idx } = (payloadOf(credential).status as { status_list: { idx: number } }).status_list
    const [eraser] = hospital.door.node.erasers.filter(({ name }) => name === 'credentials')
    const erase = () =>
      hospital.database.transaction(hospital.tenant, (tx) =>
        eraser!.eraseSubject(tx, hospital.door.node, { tenant: hospital.tenant, subject, now: '2026-11-22T10:00:00.000Z' as never }),
      )
    expect((await erase())['credentials.credential']).toBeGreaterThan(0)
    expect(await erase()).toEqual({ 'credentials.credential': 0, 'credentials.offer': 0 })
    const left = await hospital.database.transaction(hospital.tenant, (tx) =>
      tx.query<{ status: string }>('SELECT status FROM credentials.place WHERE place = $1', [idx]),
    )
    expect(left).toEqual([{ status: 'revoked' }])
  })
})
