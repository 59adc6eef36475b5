/** From a source to a download in a real browser: a custodian, an analyst who does not program, those who answer for the data. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { must } from '@gatehouse/sdk/client'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeProcess, startInCluster } from '../node.ts'
import { programOf } from '../program.ts'
import { purpose } from '../scenario.ts'
import { type Account, addAccount, faultsOf, missing, openBrowser, shot, signIn, skipped, type Visit, visit } from './browser.ts'

const diagnoses = ['E11', 'I10', 'J45', 'F32']
const people = Array.from({ length: 600 }, (_, at) => ({
  number: `P${10_000 + at}`,
  born: 1940 + ((at * 7) % 60),
  sex: at % 2 === 0 ? 'f' : 'm',
  postcode: ['OX1', 'OX2', 'OX3', 'OX4'][at % 4],
  diagnosis: diagnoses[(at * 3) % 4],
  days: 1 + ((at * 5) % 20),
}))
const patients = [
  'patient_number,birth_year,sex,postcode',
  ...people.map(({ number, born, sex, postcode }) => `${number},${born},${sex},${postcode}`),
  '',
].join('\n')
const stays = ['patient_number,diagnosis,days', ...people.map(({ number, diagnosis, days }) => `${number},${diagnosis},${days}`), ''].join('\n')
const patience = { timeout: 30_000 }

describe.skipIf(missing.length > 0)(`queries in the portal${skipped}`, () => {
  let node: NodeProcess
  let browser: Browser
  let anna: Visit
  let page: Page
  let project = ''
  let identifiable = ''
  const owners: { readonly name: string; readonly account: Account }[] = []

  beforeAll(async () => {
    node = await startInCluster()
    browser = await openBrowser()
    const source = must(await node.operator.POST('/v1/data-sources', { body: { kind: 'file', slug: 'hospital', title: 'Hospital', settings: {} } })).id
    for (const [name, body] of Object.entries({ patients, stays })) {
      const sent = await fetch(`${node.origin}/v1/data-sources/${source}/uploads?name=${name}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${node.credential.key}`, 'content-type': 'text/csv' },
        body,
      })
      if (!sent.ok) throw new Error(await sent.text())
    }
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
    const terms = { title: 'Stays of the elderly', description: '', purpose, agreement: { reference: 'DSA-7' }, starts_at: day(-1), ends_at: day(300) }
    project = must(await node.operator.POST('/v1/projects', { body: terms })).id
    must(await node.operator.POST('/v1/projects/{project}/begin', { params: { path: { project } } }))
    for (const reference of ['hospital.patients', 'hospital.stays']) {
      must(await node.operator.POST('/v1/projects/{project}/sources', { params: { path: { project } }, body: { kind: 'table', reference } }))
    }
    anna = await visit(browser, node)
    page = anna.page
    const account = await addAccount(node, 'anna@example.org', 'researcher')
    const holder =
      must(await node.operator.GET('/v1/users', { params: { query: { kind: 'staff', limit: 100 } } })).data.find(({ email }) => email === account.email)?.id ??
      ''
    must(
      await node.operator.POST('/v1/projects/{project}/members', {
        params: { path: { project } },
        body: { kind: 'user', holder, role: 'project_analyst' } as never,
      }),
    )
    await signIn(anna, account)
    for (const name of ['olga', 'otto']) owners.push({ name, account: await addAccount(node, `${name}@example.org`, 'data_owner') })
  })
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
  })

  const sound = async (who: Visit) => expect(await faultsOf(who.page)).toEqual([])
  const pick = async (label: string, option: string | RegExp) => {
    await page.getByRole('combobox', { name: label }).click()
    await page.getByRole('option', { name: option }).click()
  }

  /** A plan that anna keeps without the builder. */
  const kept = (document: object) =>
    page.evaluate(
      async ({ project, document }) => {
        const body = JSON.stringify({ document })
        const answer = await fetch(`/v1/projects/${project}/query-plans`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
        if (!answer.ok) throw new Error(await answer.text())
        return ((await answer.json()) as { id: string }).id
      },
      { project, document },
    )
  const judge = async ({ page: desk, open, press }: Visit, review: string | null | undefined) => {
    await open(`/governance/reviews/${review}`)
    await desk.getByRole('radio', { name: 'Approve' }).check()
    await press('Vote')
    await desk
      .getByText(/^(You have voted|Approved)/)
      .first()
      .waitFor(patience)
  }

  it('are nothing for whoever is in no project', async () => {
    const carla = await visit(browser, node)
    await signIn(carla, await addAccount(node, 'carla@example.org', 'data_custodian'))
    for (const path of ['/exchange/plans', '/exchange/plans/new', '/exchange/runs', '/exchange/results']) {
      await carla.open(path)
      await carla.heading('There is no such page')
    }
    await carla.context.close()
  })

  it('begin in the catalogue, which a project sees as far as it is admitted', async () => {
    await anna.open('/custody/catalogue')
    await anna.heading('Catalogue')
    await page.getByRole('combobox', { name: 'Project' }).waitFor()
    await page.getByRole('article', { name: 'stays' }).getByText('may be used').waitFor()
    await sound(anna)
    await shot(anna, 'catalogue')
    await page.getByLabel('Search the catalogue').fill('no such thing')
    await page.getByText('Nothing is found').waitFor()
    await page.getByLabel('Search the catalogue').fill('stays')
    await page.getByRole('link', { name: 'Open stays' }).click()
    await anna.heading('hospital.stays')
    await page.getByRole('rowheader', { name: 'diagnosis' }).waitFor()
    await sound(anna)
    await shot(anna, 'catalogue-table')
  })

  it('are made step by step, with what does not go and why, and the picture beside it', async () => {
    await anna.open('/exchange/plans/new')
    await anna.heading('New query plan')
    await sound(anna)
    for (const table of ['patients', 'stays']) {
      await pick('Add a table', new RegExp(table))
      await anna.press('Add the table')
    }
    await page
      .getByRole('button', { name: /Elements/ })
      .first()
      .click()
    await page.getByText('names people, so not offered').first().waitFor()
    expect(await page.getByRole('checkbox', { name: 'patient_number' }).first().isDisabled()).toBe(true)
    for (const column of ['birth_year', 'sex', 'diagnosis']) await page.getByRole('checkbox', { name: column }).check()
    await page.getByRole('combobox', { name: 'What it tells' }).first().click()
    await page.getByRole('option', { name: /^Known from elsewhere/ }).click()
    await page.getByText('37 → 35–39').waitFor()
    await sound(anna)
    await page
      .getByRole('button', { name: /Linkage/ })
      .first()
      .click()
    await anna.press('Link the tables')
    expect(await page.getByRole('radio', { name: 'By weight of evidence' }).isDisabled()).toBe(true)
    // Passes: a key that none looks at, two that ask for the same, one without keys, and their order by keyboard.
    const says = (number: number) => page.getByRole('group', { name: `Pass ${number}`, exact: true })
    await anna.press('Add a key')
    await page.getByRole('region', { name: 'What people are told by' }).getByText('no pass looks at this key').waitFor(patience)
    await anna.press('Add a pass')
    await says(2).getByText('are also the same where these agree: key').waitFor()
    await says(2).getByRole('checkbox', { name: 'person' }).check()
    await says(2).getByText('pass 1 asks for less').waitFor()
    await says(2).getByRole('checkbox', { name: 'key', exact: true }).uncheck()
    await says(2).getByRole('alert').getByText('pass 1 asks for the same').waitFor(patience)
    await says(2).getByRole('checkbox', { name: 'person' }).uncheck()
    await says(2).getByRole('alert').getByText('would take everybody for one person').waitFor(patience)
    await sound(anna)
    await shot(anna, 'plan-passes')
    await says(2).getByRole('checkbox', { name: 'key', exact: true }).check()
    await page.getByRole('button', { name: 'Move pass 2 up' }).press('Enter')
    await says(1).getByText('are the same where these agree: key').waitFor()
    // The focus went along, to the button that can still do something; Alt and an arrow do the same.
    await page.keyboard.press('Alt+ArrowDown')
    await says(1).getByText('are the same where these agree: person').waitFor()
    await says(2).getByRole('button', { name: 'Remove pass 2' }).click()
    await page.getByRole('button', { name: 'Remove the key key' }).click()
    await page
      .getByRole('button', { name: /Cohort/ })
      .first()
      .click()
    await anna.press('Add a condition')
    await pick('Condition', 'is at least')
    await page.getByLabel('Value').fill('1950')
    await page
      .getByRole('button', { name: /Output/ })
      .first()
      .click()
    await page.getByLabel('Title of the result').fill('Diagnoses by year of birth')
    await page.getByRole('switch', { name: 'May become a source' }).check()
    await page.getByText('Sound', { exact: true }).waitFor(patience)
    await page.getByRole('button', { name: /^Link people/ }).waitFor()
    await sound(anna)
    await page.getByText(/^about \d/).waitFor(patience)
    await anna.press('Dry run')
    await page.getByText('would go to the reviewers').waitFor(patience)
    await page.getByRole('rowheader', { name: 'Of the most exposed row' }).waitFor()
    await page.getByRole('group', { name: 'What becomes of each column' }).getByRole('rowheader', { name: 'birth_year' }).waitFor()
    await sound(anna)
    await shot(anna, 'plan-builder')
  })

  it('are kept in versions that tell what changed and whether they may be run', async () => {
    await anna.press('Save the plan')
    await anna.heading('Diagnoses by year of birth')
    await page.getByText('This version may be run').waitFor()
    await page.getByRole('img', { name: /^Link people/ }).waitFor()
    await sound(anna)
    await shot(anna, 'plan')
    await page.getByRole('link', { name: 'New version' }).click()
    await anna.heading('New version of “Diagnoses by year of birth”')
    await page
      .getByRole('button', { name: /Treatment/ })
      .first()
      .click()
    await page.getByLabel('k', { exact: true }).fill('10')
    await page.getByText('Sound', { exact: true }).waitFor(patience)
    await anna.press('Save as version 2')
    await anna.heading('Diagnoses by year of birth')
    await page.getByRole('tab', { name: 'Versions' }).click()
    await page.getByText('"k": 10').waitFor()
    await sound(anna)
    // What names people takes the approval of those who hold the tables, and says so before anybody has asked.
    const named = {
      version: 1,
      form: 'identifiable',
      sources: [{ as: 'patients', table: 'hospital.patients' }],
      elements: [{ name: 'number', source: 'patients', column: 'patient_number', role: 'identifying' }],
      output: { title: 'Who they are' },
    }
    identifiable = await kept(named)
    await anna.open(`/exchange/plans/${identifiable}`)
    await page.getByText('This version may not be run yet').waitFor()
    expect(await page.getByRole('button', { name: 'Run it' }).count()).toBe(0)
    await anna.press('Ask for approval')
    await page.getByText('Approval has been asked for').waitFor()
    await sound(anna)
    await shot(anna, 'plan-approval')
  })

  it('run, wait for two reviewers who see the checks beside the result, and are released', async () => {
    await anna.open(`/exchange/plans?project=${project}`)
    await page.getByRole('link', { name: 'Diagnoses by year of birth' }).click()
    await anna.press('Run it')
    await anna.heading('Run of “Diagnoses by year of birth”')
    await page.getByText('Held for review').first().waitFor(patience)
    await sound(anna)
    await shot(anna, 'run')
    for (const { name, account } of owners) {
      const owner = await visit(browser, node, name === 'otto' ? { width: 390, colorScheme: 'dark' } : {})
      await signIn(owner, account)
      await owner.open('/governance/reviews')
      await owner.page
        .getByRole('row', { name: /Release of a result/ })
        .getByRole('link')
        .click()
      await owner.heading('Release of a result')
      await owner.page.getByRole('rowheader', { name: 'Nobody stands alone' }).waitFor()
      await sound(owner)
      await shot(owner, `review-${name}`)
      await owner.page.getByRole('radio', { name: 'Approve' }).check()
      await owner.press('Vote')
      await owner.page
        .getByText(name === 'olga' ? 'You have voted' : 'Approved')
        .first()
        .waitFor(patience)
      await owner.context.close()
    }
    await page.getByText('Released', { exact: true }).first().waitFor(patience)
  })

  it('leave a table whose cells lead back to their sources, charts, and a file by a link that works once', async () => {
    await page.getByRole('link', { name: 'Open the result' }).click()
    await anna.heading('Diagnoses by year of birth')
    await page.getByRole('button', { name: /: diagnosis of row 1,/ }).click()
    await page.getByText('From the source to the cell').waitFor()
    await sound(anna)
    await shot(anna, 'result-cell')
    await page.getByRole('button', { name: 'Close' }).click()
    await sound(anna)
    await shot(anna, 'result')
    await page.getByRole('tab', { name: 'Charts' }).click()
    await page.getByRole('heading', { name: /^Most stand at/ }).waitFor()
    await sound(anna)
    await anna.press('Download')
    await anna.press('Make the link')
    const link = page.getByRole('link', { name: 'Download now' })
    const address = (await link.getAttribute('href')) ?? ''
    const [file] = await Promise.all([page.waitForEvent('download'), link.click()])
    expect(await file.failure()).toBeNull()
    expect(await page.evaluate(async (url) => (await fetch(url)).status, address)).toBe(403)
    expect(anna.complaints).toEqual([])
  })

  it('leave their evidence as a crate that the verifier finds good', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-crate-'))
    const [crate, keys] = [join(folder, 'evidence.zip'), join(folder, 'keys.txt')]
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Evidence', exact: true }).click()])
    await file.saveAs(crate)
    await writeFile(keys, must(await node.operator.GET('/v1/evidence/keys')).key_file)
    const { stdout } = await promisify(execFile)(process.execPath, [...programOf('verify'), 'crate', crate, '--key', keys, '--no-memory'])
    expect(stdout).toContain('Verdict: good')
    expect(stdout).toContain('plan, run, result and reviews are those that the log has')
    await rm(folder, { recursive: true })
  })

  it('become a table of the catalogue, which other plans may read', async () => {
    await anna.press('Use as a source')
    const dialog = page.getByRole('dialog', { name: 'Make this result a table of the catalogue?' })
    await sound(anna)
    await dialog.getByRole('button', { name: 'Use as a source' }).click()
    await page.getByText('It is a table of the catalogue now.').waitFor()
    await dialog.waitFor({ state: 'detached' })
    expect(await page.getByRole('button', { name: 'Use as a source' }).count()).toBe(0)
    await page.getByRole('tab', { name: 'About it' }).click()
    await page.getByText(/^It is the table results\.diagnoses-by-year-of-birth-/).waitFor()
    await sound(anna)
    await shot(anna, 'result-as-source')
  })

  it('tell who stands behind a pseudonym to two who ask for the same, and to each of them once', async () => {
    const document = {
      version: 1,
      form: 'pseudonymised',
      sources: [
        { as: 'patients', table: 'hospital.patients' },
        { as: 'stays', table: 'hospital.stays' },
      ],
      elements: [
        { name: 'sex', source: 'patients', column: 'sex', role: 'quasi' },
        { name: 'diagnosis', source: 'stays', column: 'diagnosis', role: 'sensitive' },
      ],
      linkage: {
        keys: [{ name: 'number', form: 'identifier', columns: { patients: 'patient_number', stays: 'patient_number' } }],
        method: { kind: 'deterministic', passes: [['number']] },
        keep: 'linked',
      },
      treatment: { models: [{ model: 'k_anonymity', k: 5 }], suppression_limit: 0.2 },
      output: { title: 'Patients under tokens' },
    }
    const two: Visit[] = []
    for (const { account } of owners) {
      const owner = await visit(browser, node)
      two.push(owner)
      await signIn(owner, account)
    }
    const plan = await kept(document)
    await anna.open(`/exchange/plans/${plan}?project=${project}`)
    await anna.press('Ask for approval')
    await page.getByText('Approval has been asked for').waitFor()
    const path = { project, plan } as never
    const asked = must(await node.operator.GET('/v1/projects/{project}/query-plans/{plan}', { params: { path } }))
    await judge(two[0] as Visit, asked.history[0]?.approval.review)
    // The page that waited hears of it by itself.
    await page.getByText('This version is approved').waitFor(patience)
    await anna.press('Run it')
    await anna.heading('Run of “Patients under tokens”')
    await page.getByText('Held for review').first().waitFor(patience)
    const results = must(await node.operator.GET('/v1/projects/{project}/results', { params: { path } })).data
    for (const owner of two) await judge(owner, results.find((one) => one.plan === plan)?.review)
    await page.getByText('Released', { exact: true }).first().waitFor(patience)
    await page.getByRole('link', { name: 'Open the result' }).click()
    const token = (await page.getByRole('button', { name: /: person of row 1,/ }).textContent()) ?? ''
    expect(await page.getByRole('button', { name: 'Find persons again' }).count()).toBe(0)
    for (const owner of two) {
      await owner.open(new URL(page.url()).pathname + new URL(page.url()).search)
      await owner.press('Find persons again')
      await owner.page.getByRole('textbox', { name: 'Why' }).fill('A finding that their physician has to hear of')
      await owner.page.getByRole('textbox', { name: 'Tokens' }).fill(token)
      await sound(owner)
      await owner.press('Ask for it')
      await owner.page.getByText('Asked. It takes two who ask for the same.').waitFor()
      await owner.page.getByRole('tab', { name: 'Persons found again' }).click()
    }
    const phone = await visit(browser, node, { width: 390, colorScheme: 'dark', locale: 'es-MX' })
    await phone.context.addCookies(await (two[0] as Visit).context.cookies())
    await phone.open(new URL(page.url()).pathname + new URL(page.url()).search)
    await phone.press('Volver a identificar')
    await phone.page.getByRole('textbox', { name: 'Fichas' }).waitFor()
    await sound(phone)
    await shot(phone, 'phone-reidentify')
    await phone.page.keyboard.press('Escape')
    await phone.page.getByRole('tab', { name: 'Personas identificadas de nuevo' }).click()
    await phone.page.getByRole('button', { name: 'Abrir la respuesta' }).waitFor()
    await sound(phone)
    await shot(phone, 'phone-reidentifications')
    await phone.context.close()
    for (const owner of two) {
      await owner.press('Open the answer')
      const dialog = owner.page.getByRole('dialog', { name: 'Who stands behind the tokens' })
      await dialog.getByRole('rowheader', { name: /^P1\d{4}$/ }).waitFor()
      await sound(owner)
      await shot(owner, 'reidentified')
      await owner.press('I have seen it')
      await owner.page.reload()
      await owner.page.getByText('1 of 1').waitFor()
      expect(await owner.page.getByRole('button', { name: 'Open the answer' }).count()).toBe(0)
      await sound(owner)
      await shot(owner, 'reidentifications')
      expect(owner.complaints).toEqual([])
      await owner.context.close()
    }
  })

  it('that name people run once their holder has voted for that version, and are held like all others', async () => {
    const [{ account }] = owners as [(typeof owners)[number]]
    const olga = await visit(browser, node)
    await signIn(olga, account)
    await olga.open('/governance/reviews')
    await olga.page
      .getByRole('row', { name: /Query plan/ })
      .getByRole('link')
      .click()
    await olga.heading('Query plan')
    await sound(olga)
    await olga.page.getByRole('radio', { name: 'Approve' }).check()
    await olga.press('Vote')
    await olga.page.getByText('Approved').first().waitFor(patience)
    await olga.context.close()
    await anna.open(`/exchange/plans/${identifiable}`)
    await anna.press('Run it')
    await anna.heading('Run of “Who they are”')
    await page.getByText('Held for review').first().waitFor(patience)
    expect(await page.getByRole('link', { name: 'Open the result' }).count()).toBe(0)
  })

  it('run by the clock, and two runs are laid side by side', async () => {
    await anna.open(`/exchange/plans?project=${project}`)
    await page.getByRole('link', { name: 'Diagnoses by year of birth' }).click()
    await page.getByRole('tab', { name: 'Schedules' }).click()
    await page.getByText('The plan runs only when somebody asks.').waitFor()
    await page.getByLabel('Times (cron, UTC)').fill('61 5 * * *')
    await anna.press('Add the schedule')
    await page.getByRole('alert').first().waitFor()
    await page.getByLabel('Times (cron, UTC)').fill('30 4 * * 1')
    await anna.press('Add the schedule')
    await page.getByRole('rowheader', { name: '30 4 * * 1' }).waitFor()
    await sound(anna)
    await shot(anna, 'schedules')
    await anna.press('Remove')
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByText('The plan runs only when somebody asks.').waitFor()

    await anna.open(`/exchange/runs?project=${project}`)
    await page.getByRole('link', { name: 'Compare two runs' }).click()
    await anna.heading('Two runs compared')
    await page.getByRole('heading', { name: 'Different plans' }).waitFor()
    await page.getByRole('heading', { name: 'Rows that left each step' }).waitFor()
    await sound(anna)
    await shot(anna, 'runs-compared')
    expect(anna.complaints).toEqual([])
  })

  it('read well on a phone, in the dark and in Spanish', async () => {
    const phone = await visit(browser, node, { width: 390, colorScheme: 'dark', locale: 'es-MX' })
    await phone.context.addCookies(await anna.context.cookies())
    const follow = async (path: string, heading: string, link?: RegExp) => {
      await phone.open(`${path}?project=${project}`)
      await phone.heading(heading)
      if (link !== undefined) await phone.page.getByRole('link', { name: link }).first().click()
      await phone.page.getByRole('heading', { level: 1, name: link ?? heading }).waitFor()
      await phone.page.waitForLoadState('networkidle')
      await sound(phone)
      await shot(phone, `phone${path.replaceAll('/', '-')}`)
    }
    await follow('/exchange/plans', 'Planes de consulta', /Diagnoses/)
    await follow('/exchange/plans/new', 'Nuevo plan de consulta')
    await follow('/exchange/runs', 'Ejecuciones', /Diagnoses/)
    await follow('/exchange/results', 'Resultados', /Diagnoses/)
    await follow('/custody/catalogue', 'Catálogo')
    expect(phone.complaints).toEqual([])
    await phone.context.close()
  })
})
