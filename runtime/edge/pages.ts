/** The portal's files and the API reference, served from the same origin as the API so that one strict policy covers both. */

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import fastifyStatic from '@fastify/static'
import { Problem } from '@gatehouse/core/problem'
import type { FastifyInstance } from 'fastify'
import { doorProblems } from '../door/problems.ts'
import { problemAnswer } from './problem-json.ts'

const require = createRequire(import.meta.url)

const referencePage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gatehouse API reference</title>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
</head>
<body>
<main id="reference"></main>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`
const referenceScript = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#reference', deepLinking: true, docExpansion: 'none', tryItOutEnabled: false, validatorUrl: null })\n`

/**
 * @param describe the description of the API: written when somebody asks for it first, since it is as much work as the rest of a start
 * @param portalDirectory the built portal; where it is missing, only the API answers
 */
export async function servePages(app: FastifyInstance, describe: () => object, portalDirectory: string): Promise<void> {
  let description: object | undefined
  app.get('/openapi.json', async (_request, reply) => {
    description ??= describe()
    return reply.type('application/json; charset=utf-8').send(description)
  })
  app.get('/docs', async (_request, reply) => reply.type('text/html; charset=utf-8').send(referencePage))
  app.get('/docs/start.js', async (_request, reply) => reply.type('text/javascript; charset=utf-8').send(referenceScript))
  await app.register(fastifyStatic, {
    root: dirname(require.resolve('swagger-ui-dist/package.json')),
    prefix: '/docs/assets/',
    index: false,
    // `sendFile` below is the portal's: this one would answer by the reference's rules.
    decorateReply: false,
    allowedPath: (path) => /^\/swagger-ui(-bundle)?\.(css|js)$/.test(path),
  })
  const hasPortal = existsSync(join(portalDirectory, 'index.html'))
  if (hasPortal) {
    await app.register(fastifyStatic, {
      root: portalDirectory,
      prefix: '/',
      index: 'index.html',
      wildcard: false,
      setHeaders: (reply, path) => {
        reply.setHeader('cache-control', /\/assets\//.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }
  app.setNotFoundHandler((request, reply) => {
    // The portal routes in the browser: an address that no file and no operation answers to is one of its pages.
    const page =
      hasPortal && request.method === 'GET' && !/^\/(v1|docs|problems|dsp)\//.test(request.url) && (request.headers.accept ?? '').includes('text/html')
    if (page) return reply.header('cache-control', 'no-cache').sendFile('index.html')
    const { status, body, headers } = problemAnswer(new Problem(doorProblems.not_found), request.id)
    return reply.code(status).headers(headers).send(body)
  })
}
