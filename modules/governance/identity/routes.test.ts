import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { identityModule } from './module.ts'

describe('the routes of identity', () => {
  it('are these and no others, each with its access and what the ledger keeps', () => {
    const table = identityModule.operations.map(({ http, name, access, audit }) => {
      const who = 'public' in access ? 'public' : access.action
      return `${http?.method} ${http?.path} ${name} ${who} ${typeof audit === 'function' ? 'audited' : 'not audited'}`
    })
    expect(table).toEqual([
      'POST /v1/auth/first-run identity.first_run public audited',
      'POST /v1/auth/sign-in identity.sign_in public audited',
      'POST /v1/auth/sign-out identity.sign_out delete audited',
      'GET /v1/auth/session identity.session read not audited',
      'GET /v1/auth/sessions identity.sessions read not audited',
      'DELETE /v1/auth/sessions/:session identity.end_session delete audited',
      'POST /v1/auth/sessions/end identity.end_sessions delete audited',
      'POST /v1/auth/factor identity.prove_factor use audited',
      'POST /v1/auth/factor/code identity.ask_code use audited',
      'undefined undefined identity.send_code update audited',
      'GET /v1/auth/factors identity.factors read not audited',
      'POST /v1/auth/factors/totp identity.begin_totp create audited',
      'POST /v1/auth/factors/:factor/confirm identity.confirm_totp create audited',
      'POST /v1/auth/factors/passkey/options identity.passkey_creation create audited',
      'POST /v1/auth/factors/passkey identity.add_passkey create audited',
      'POST /v1/auth/factor/passkey/options identity.passkey_request use not audited',
      'POST /v1/auth/sign-in/passkey/options identity.passkey_entrance public not audited',
      'POST /v1/auth/sign-in/passkey identity.sign_in_passkey public audited',
      'POST /v1/auth/sso identity.begin_sso public audited',
      'POST /v1/auth/sso/return identity.sign_in_sso public audited',
      'POST /v1/auth/saml/:provider/acs identity.take_saml_response public audited',
      'GET /v1/auth/saml/:provider/metadata identity.saml_metadata public not audited',
      'DELETE /v1/auth/factors/:factor identity.remove_factor delete audited',
      'POST /v1/auth/recovery-codes identity.renew_recovery_codes create audited',
      'DELETE /v1/auth/devices/:device identity.forget_device delete audited',
      'DELETE /v1/users/:user/factors identity.reset_factors delete audited',
      'POST /v1/auth/password identity.change_password create audited',
      'POST /v1/auth/forgot-password identity.forgot_password public audited',
      'undefined undefined identity.send_reset update audited',
      'POST /v1/auth/reset-password identity.reset_password public audited',
      'POST /v1/teams identity.create_team create audited',
      'GET /v1/teams identity.teams read not audited',
      'PUT /v1/teams/:team/members identity.change_team update audited',
      'DELETE /v1/teams/:team identity.delete_team delete audited',
      'POST /v1/identity-providers identity.add_provider create audited',
      'GET /v1/identity-providers identity.providers read not audited',
      'PATCH /v1/identity-providers/:provider identity.change_provider update audited',
      'DELETE /v1/identity-providers/:provider identity.remove_provider delete audited',
      'POST /v1/identity-providers/:provider/trial identity.try_provider update audited',
      'POST /v1/identity-providers/saml-metadata identity.read_saml_metadata read not audited',
      'POST /v1/identity-providers/:provider/domains/:domain/proof identity.prove_domain update audited',
      'POST /v1/identity-providers/:provider/provisioning-token identity.issue_provisioning_token update audited',
      'DELETE /v1/identity-providers/:provider/provisioning-token identity.end_provisioning_token update audited',
      'GET /scim/v2/ServiceProviderConfig identity.scim_config public not audited',
      'GET /scim/v2/ResourceTypes identity.scim_resource_types public not audited',
      'GET /scim/v2/Schemas identity.scim_schemas public not audited',
      'GET /scim/v2/Users identity.scim_users public not audited',
      'GET /scim/v2/Users/:user identity.scim_user public not audited',
      'POST /scim/v2/Users identity.scim_create_user public audited',
      'PUT /scim/v2/Users/:user identity.scim_replace_user public audited',
      'PATCH /scim/v2/Users/:user identity.scim_patch_user public audited',
      'DELETE /scim/v2/Users/:user identity.scim_delete_user public audited',
      'GET /scim/v2/Groups identity.scim_groups public not audited',
      'GET /scim/v2/Groups/:group identity.scim_group public not audited',
      'POST /scim/v2/Groups identity.scim_create_group public audited',
      'PUT /scim/v2/Groups/:group identity.scim_replace_group public audited',
      'PATCH /scim/v2/Groups/:group identity.scim_patch_group public audited',
      'DELETE /scim/v2/Groups/:group identity.scim_delete_group public audited',
      'POST /v1/users identity.invite create audited',
      'POST /v1/users/imports identity.import_users create audited',
      'POST /v1/engineers/invitations identity.invite_engineer create audited',
      'POST /v1/people/invitations identity.invite_person create audited',
      'POST /v1/people/closures identity.close_person delete audited',
      'POST /v1/auth/accept-invitation identity.accept_invitation public audited',
      'POST /v1/auth/accept-invitation/passkey/options identity.invited_passkey public audited',
      'POST /v1/auth/accept-invitation/passkey identity.accept_by_passkey public audited',
      'GET /v1/users identity.users read not audited',
      'GET /v1/engineers identity.engineers read not audited',
      'GET /v1/users/:user identity.user read not audited',
      'PATCH /v1/users/:user identity.update_user update audited',
      'GET /v1/users/:user/sessions identity.user_sessions read not audited',
      'DELETE /v1/users/:user/sessions/:session identity.end_user_session delete audited',
      'POST /v1/api-keys identity.issue_key create audited',
      'GET /v1/api-keys identity.keys read not audited',
      'DELETE /v1/api-keys/:key identity.revoke_key delete audited',
      'POST /v1/api-keys/:key/rotation identity.rotate_key update audited',
      'POST /v1/operators identity.add_operator create audited',
      'PUT /v1/operators/:user identity.appoint_operator create audited',
      'DELETE /v1/operators/:user identity.dismiss_operator delete audited',
      'POST /v1/institutions identity.add_institution create audited',
      'GET /v1/institutions identity.institutions read not audited',
      'POST /v1/institutions/:institution/invitation identity.invite_administrator update audited',
    ])
  })

  it('mark every answer that holds a secret', () => {
    const secret = identityModule.operations.filter(({ secretOutput }) => secretOutput).map(({ name }) => name)
    expect(secret).toEqual([
      'identity.first_run',
      'identity.sign_in',
      'identity.prove_factor',
      'identity.begin_totp',
      'identity.confirm_totp',
      'identity.passkey_creation',
      'identity.add_passkey',
      'identity.passkey_request',
      'identity.sign_in_passkey',
      'identity.begin_sso',
      'identity.sign_in_sso',
      'identity.take_saml_response',
      'identity.renew_recovery_codes',
      'identity.reset_password',
      'identity.issue_provisioning_token',
      'identity.invite',
      'identity.invite_engineer',
      'identity.invite_person',
      'identity.accept_invitation',
      'identity.invited_passkey',
      'identity.accept_by_passkey',
      'identity.issue_key',
      'identity.rotate_key',
      'identity.add_operator',
      'identity.add_institution',
      'identity.invite_administrator',
    ])
  })

  it("reach none of better-auth's own: its handler is never mounted, and two of its functions are called", () => {
    const text = readFileSync(join(import.meta.dirname, 'credentials.ts'), 'utf8')
    expect(text).not.toMatch(/auth\.handler|auth\.fetch/)
    expect([...text.matchAll(/auth\.(api\.\w+|\$context)/g)].map(([, used]) => used)).toEqual(['api.signInEmail', '$context', '$context', '$context'])
  })
})
