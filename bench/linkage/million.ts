/**
 * A process of its own, so that its memory is its own: a file of generated people read, trained, linked and clustered, then a
 * thousand more added. Answers with one line of JSON.
 */
import { cluster } from '@gatehouse/linkage/cluster/cluster'
import { linkerOf } from '@gatehouse/linkage/linker'
import { people } from '@gatehouse/linkage/testing/people'
import { peopleFrom, peopleModel, readPeople } from './model.ts'

const file = process.argv[2] ?? ''
const stages: Record<string, number> = {}
let last = performance.now()
function stage(name: string): void {
  const now = performance.now()
  stages[name] = (now - last) / 1000
  last = now
}

const data = await readPeople(file)
stage('read')
const untrained = linkerOf(peopleModel, [{ name: 'people', data }])
stage('normalise')
const linker = untrained.train()
stage('train')
const links = linker.predict({ atLeast: 0.9 })
stage('predict')
const clusters = cluster(links, { method: 'components', recordCount: linker.table.rowCount })
stage('cluster')
const seconds = Object.values(stages).reduce((sum, each) => sum + each, 0)
const megabytes = process.resourceUsage().maxRSS / 1_000
const { user, system } = process.cpuUsage()

const more = peopleFrom(people({ records: 1_000 }))
const adding = [0, 1, 2].map((round) => {
  const start = process.cpuUsage()
  const { links: found } = linker.add({ name: `more ${round}`, data: more }, { atLeast: 0.9 })
  const spent = process.cpuUsage(start)
  return { seconds: (spent.user + spent.system) / 1e6, found: found.length }
})
console.log(
  JSON.stringify({
    records: data.rowCount,
    links: links.length,
    clusters: clusters.count,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    megabytes,
    stages,
    addSeconds: adding.map((each) => each.seconds),
    addFound: adding[0]?.found ?? 0,
  }),
)
