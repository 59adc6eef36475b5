/** What headings mean, in English and Spanish. The first row that matches wins, so the particular stand before the general. */
import { fieldNameOf, type Semantic } from './field.ts'

const headings: readonly (readonly [Semantic, RegExp])[] = [
  ['date_of_birth', /^(dob|birth_?date|birthday|date_?of_?birth|born(_on)?|fecha_?(de_)?nac(imiento)?|f_nac(imiento)?)$/],
  [
    'national_health_number',
    /(^|_)(nhs|chi|h_?c)_?(number|num|no|id)?$|health_(insurance_|card_)?(number|no|id)|tarjeta_sanitaria|(^|_)cip$|n(um(ero)?|ro)_ss_?salud/,
  ],
  [
    'national_identifier',
    /(^|_)(ssn|nino|nif|nie|dni|curp|cpf|passport|pasaporte)($|_)|soc(ial)?_sec(urity)?|national_(id|insurance|identity)|seguridad_social|tax_id/,
  ],
  ['card_number', /(credit_|debit_|payment_)?card_(number|num|no)$|(^|_)pan$|numero_(de_)?tarjeta$/],
  ['account_number', /(account|acct)_(number|num|no|id)$|(^|_)iban($|_)|(numero|num|nro)_(de_)?cuenta|^cuenta$/],
  ['email', /(^|_)(e_?mail|mail|correo)($|_)/],
  ['phone', /(^|_)(phone|telephone|tel|mobile|cell|fax|telefono|movil|celular)($|_)/],
  ['ip_address', /(^|_)ip(_?address|_?addr|v4|v6)?$|direccion_ip/],
  ['postcode', /(^|_)(post_?code|postal_?code|zip|zip_?code|codigo_postal|cp)$/],
  ['city', /(^|_)(city|town|suburb|locality|ciudad|localidad|municipio|poblacion)$/],
  ['region', /(^|_)(county|province|region|provincia|comunidad_autonoma)$|^state$/],
  ['country', /(^|_)(country|nation|pais)(_code|_name)?$/],
  ['address', /(^|_)(address|addr|street|direccion|domicilio|calle)(_?\d|_line_?\d)?($|_)/],
  ['given_name', /(^|_)(first|given|fore|christian)_?names?$|^(nombre|nombre_(de_)?pila|middle_name)$/],
  ['family_name', /(^|_)(sur|last|family|maiden)_?names?$|(^|_)apellidos?(_?\d)?$|(primer|segundo)_apellido/],
  ['full_name', /^(name|full_?name|(patient|customer|client|person|employee|member)_name|nombre_(completo|y_apellidos))$/],
  ['sex', /^(sex|gender|sexo|genero)(_code)?$/],
  ['ethnicity', /(^|_)(ethnic(ity)?|ethnic_group|race|etnia|raza)($|_)/],
  ['religion', /(^|_)religi(on|ous)($|_)/],
  ['marital_status', /marital|estado_civil/],
  ['age', /^(age|edad)(_years|_anos)?$/],
  ['occupation', /(^|_)(occupation|job|job_title|profession|ocupacion|profesion|puesto)($|_)/],
  ['diagnosis', /(^|_)(diagnos[ei]s|diagnostico|icd|icd_?10|snomed|condition|comorbidit(y|ies))($|_)/],
  ['free_text', /(^|_)(notes?|comments?|remarks?|free_?text|observaciones|comentarios?|notas?)$/],
  ['amount', /(^|_)(amount|balance|income|salary|price|cost|charge|payment|credit_limit|saldo|importe|ingresos?|salario|sueldo|renta)($|_)/],
  ['measurement', /(^|_)(weight|height|bmi|glucose|pressure|systolic|diastolic|heart_rate|peso|altura|talla|presion|glucosa)($|_)/],
  ['event_date', /(^|_)(date|fecha|time|timestamp|at)$|^(date|fecha)_/],
  [
    'identifier',
    /(^|_)(id|uuid|guid|identifier|mrn|record_(number|no)|reference|identificador|expediente)$|^(id|mrn)_|(customer|patient|client|person|member)_(number|no|num)$/,
  ],
  ['code', /(^|_)(code|status|type|category|codigo|estado|tipo|categoria)$/],
]

export function semanticOfHeading(column: string): Semantic | undefined {
  const name = fieldNameOf(column)
  return headings.find(([, pattern]) => pattern.test(name))?.[0]
}

/** True when the heading tells that its identifier is a person's and not a row's. */
export function namesPerson(column: string): boolean {
  return /(^|_)(customer|patient|client|person|member|subject|participant|employee|user|citizen|cliente|paciente|persona|socio)(_|$)|(^|_)mrn($|_)/.test(
    fieldNameOf(column),
  )
}
