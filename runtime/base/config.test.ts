import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

describe('a setting that cannot be read is refused by name', () => {
  it.each([
    ['GATEHOUSE_PORT', 'http'],
    ['GATEHOUSE_PORT', '70000'],
    ['GATEHOUSE_EXCHANGE_PORT', '-1'],
    ['GATEHOUSE_POOL_SIZE', '1'],
    ['GATEHOUSE_LOG_LEVEL', 'loud'],
    ['GATEHOUSE_RATE_LIMITS', 'perhaps'],
    ['GATEHOUSE_ROLES', 'api,baker'],
    ['GATEHOUSE_ORIGIN', 'data.example.org'],
    ['GATEHOUSE_ORIGIN', 'javascript:alert(1)'],
    ['HTTPS_PROXY', 'proxy.example.org:3128'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector'],
    ['GATEHOUSE_SMTP_PORT', 'smtp'],
    ['GATEHOUSE_CLAMD', 'scanner.example.org:3310'],
    ['GATEHOUSE_CLAMD', '127.0.0.1:70000'],
    ['GATEHOUSE_SMTP_TLS', 'none'],
    ['GATEHOUSE_SMTP_FROM', 'the node'],
    ['GATEHOUSE_SMS_URL', 'http://sms.example.org'],
    ['GATEHOUSE_SMS_PER_HOUR', '0'],
  ])('%s=%s', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(ConfigError)
    expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name}: `))
  })

  it.each(['./plugin.mjs', 'https://evil.example/plugin.mjs', 'data:text/javascript,1', '../up'])(
    'a plug-in that is fetched, or depends on where the node starts: %s',
    (name) => {
      expect(() => readConfig({ GATEHOUSE_SOURCE_PLUGINS: `/opt/good.mjs,${name}` })).toThrow('GATEHOUSE_SOURCE_PLUGINS: whole paths of modules')
    },
  )

  it.each([{ GATEHOUSE_TLS_CERT: '/tls/cert.pem' }, { GATEHOUSE_TLS_KEY: '/tls/key.pem' }])('%j without the other half', (environment) => {
    expect(() => readConfig(environment)).toThrow('GATEHOUSE_TLS_CERT and GATEHOUSE_TLS_KEY go together')
  })

  it('a mail server without a sender, or with half a login', () => {
    expect(() => readConfig({ GATEHOUSE_SMTP_HOST: 'mail.example.org' })).toThrow('GATEHOUSE_SMTP_FROM')
    const half = { GATEHOUSE_SMTP_HOST: 'mail.example.org', GATEHOUSE_SMTP_FROM: 'gate@example.org', GATEHOUSE_SMTP_USER: 'gate' }
    expect(() => readConfig(half)).toThrow('GATEHOUSE_SMTP_USER and GATEHOUSE_SMTP_PASSWORD go together')
    expect(() => readConfig({ GATEHOUSE_SMS_URL: 'https://sms.example.org' })).toThrow('GATEHOUSE_SMS_URL and GATEHOUSE_SMS_KEY go together')
  })

  it.each([
    ['s3://', 'a folder, or s3://bucket/folder, is expected'],
    ['gs://bucket', 'a folder, or s3://bucket/folder, is expected'],
    ['s3://key:secret@bucket', 'credentials belong into AWS_ACCESS_KEY_ID'],
    ['s3://bucket?sse=none', 'no such parameter sse; choose from endpoint, region, path_style, kms_key'],
    ['s3://bucket?endpoint=minio:9000', 'the endpoint is an address'],
    ['s3://bucket', 'a region is needed'],
    ['s3://bucket?region=eu-west-1', 'S3 needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'],
  ])('an object store %s', (text, words) => {
    expect(() => readConfig({ GATEHOUSE_BLOBS: text })).toThrow(`GATEHOUSE_BLOBS: ${words}`)
  })

  it('names the roles there are', () => {
    expect(() => readConfig({ GATEHOUSE_ROLES: 'api,baker' })).toThrow('no such role baker; choose from api, exchange, worker')
  })

  it('tells of every wrong setting at once', () => {
    expect(() => readConfig({ GATEHOUSE_PORT: 'x', GATEHOUSE_POOL_SIZE: '0' })).toThrow(/GATEHOUSE_PORT: [^\n]+\nGATEHOUSE_POOL_SIZE: /)
  })
})

describe('the place of the root key', () => {
  it.each([
    ['usb', 'GATEHOUSE_KEY_STORE: file, pkcs11:'],
    ['pkcs11:lib.so?token=a&key=b', 'GATEHOUSE_KEY_STORE: file, pkcs11:'],
    ['pkcs11:/lib.so?token=a', 'needs token=… and key=…'],
    ['pkcs11:/lib.so?token=a&key=b', 'needs its PIN in GATEHOUSE_PKCS11_PIN'],
    ['vault:https://v.example.org/transit/root', 'needs its token in GATEHOUSE_VAULT_TOKEN'],
    ['vault:ftp://v.example.org/transit/root', 'GATEHOUSE_KEY_STORE: file, pkcs11:'],
  ])('refuses %s', (text, words) => {
    expect(() => readConfig({ GATEHOUSE_KEY_STORE: text })).toThrow(words)
  })
  it('is read with what opens it, and backups outlive an epoch', () => {
    expect(readConfig({ GATEHOUSE_KEY_STORE: 'pkcs11:/lib.so?token=a&key=b', GATEHOUSE_PKCS11_PIN: '1' }).keyStore).toEqual({
      kind: 'pkcs11',
      library: '/lib.so',
      token: 'a',
      key: 'b',
      pin: '1',
    })
    expect(readConfig({ GATEHOUSE_KEY_STORE: 'vault:https://v.example.org:8200/a/transit/root', GATEHOUSE_VAULT_TOKEN: 't' }).keyStore).toEqual({
      kind: 'transit',
      address: 'https://v.example.org:8200',
      mount: 'a/transit',
      key: 'root',
      token: 't',
    })
    expect(() => readConfig({ GATEHOUSE_EPOCH_DAYS: '7', GATEHOUSE_BACKUP_DAYS: '7' })).toThrow('backups must live longer')
  })
})

describe('without settings', () => {
  it('the node listens on this machine only, limits rates and lets nothing out', () => {
    expect(readConfig({})).toEqual({
      databaseUrl: undefined,
      keyStore: { kind: 'file' },
      epochCopies: [],
      epochDays: 7,
      backupDays: 28,
      home: undefined,
      host: '127.0.0.1',
      port: 5000,
      exchangeHost: '127.0.0.1',
      exchangePort: 9999,
      publicHost: '127.0.0.1',
      publicOrigin: undefined,
      roles: ['api', 'exchange', 'worker'],
      tls: undefined,
      trustedProxy: undefined,
      logLevel: 'info',
      rateLimits: true,
      secondFactor: 'staff',
      publishNodeLog: false,
      dataspace: false,
      o1jsFolder: undefined,
      releaseKeys: [],
      sourcePlugins: [],
      poolSize: 20,
      egress: { allow: [], httpsProxy: undefined, noProxy: undefined, extraCaFile: undefined },
      otlpEndpoint: undefined,
      blobs: { kind: 'disk', directory: undefined },
      clamd: undefined,
      smtp: undefined,
      sms: undefined,
    })
  })

  it('an empty variable counts as none', () => {
    const names = ['DATABASE_URL', 'GATEHOUSE_PORT', 'GATEHOUSE_POOL_SIZE', 'GATEHOUSE_ROLES', 'GATEHOUSE_TLS_CERT', 'GATEHOUSE_ORIGIN', 'HTTPS_PROXY']
    expect(readConfig(Object.fromEntries(names.map((name) => [name, ' '])))).toEqual(readConfig({}))
  })
})

describe('settings', () => {
  it('take lists with spaces, and an origin without its path', () => {
    const config = readConfig({
      GATEHOUSE_ROLES: 'api, worker',
      GATEHOUSE_EGRESS_ALLOW: ' hooks.example.org , *.example.net,',
      GATEHOUSE_ORIGIN: 'https://data.example.org/portal',
      GATEHOUSE_RATE_LIMITS: '0',
    })
    expect(config).toMatchObject({ roles: ['api', 'worker'], publicOrigin: 'https://data.example.org', rateLimits: false })
    expect(config.egress.allow).toEqual(['hooks.example.org', '*.example.net'])
  })
})

describe('an object store', () => {
  it('is a folder by its path', () => {
    expect(readConfig({ GATEHOUSE_BLOBS: '/srv/blobs' }).blobs).toEqual({ kind: 'disk', directory: '/srv/blobs' })
  })

  it('or a bucket by its address', () => {
    const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' }
    expect(readConfig({ ...keys, GATEHOUSE_BLOBS: 's3://bucket/a/b/?endpoint=http://127.0.0.1:9000&path_style=true&kms_key=k' }).blobs).toEqual({
      kind: 's3',
      bucket: 'bucket',
      folder: 'a/b/',
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:9000',
      pathStyle: true,
      kmsKey: 'k',
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    })
    expect(readConfig({ ...keys, AWS_REGION: 'eu-west-1', AWS_SESSION_TOKEN: 't', GATEHOUSE_BLOBS: 's3://bucket' }).blobs).toMatchObject({
      folder: '',
      region: 'eu-west-1',
      pathStyle: false,
      credentials: { sessionToken: 't' },
    })
  })
})
