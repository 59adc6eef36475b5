/** Models for the reference data, as a reader of the documentation would write them; nothing here is fitted to the files. */
import { address, dateOfBirth, defineModel, email, exact, forbid, fullName, identifier, nhsNumber, on, postcode, text, year } from '../model/define.ts'
import type { Model } from '../model/schema.ts'

export const febrlModel = (link: 'link' | 'dedupe', withNumber: boolean): Model =>
  defineModel({
    link,
    compare: [
      ...fullName('given_name', 'surname'),
      dateOfBirth('date_of_birth', { order: 'ymd' }),
      postcode('postcode'),
      text('suburb'),
      address('address_1'),
      address('address_2'),
      exact('street_number'),
      ...(withNumber ? [identifier('soc_sec_id')] : []),
    ],
    block: [
      ...(withNumber ? [on('soc_sec_id')] : []),
      on('date_of_birth'),
      on('given_name', 'surname'),
      on('surname', 'postcode'),
      on('given_name', 'postcode'),
      on('address_1', 'street_number'),
    ],
  })

export const fakeModel = (): Model =>
  defineModel({
    link: 'dedupe',
    compare: [...fullName('first_name', 'surname'), dateOfBirth('dob'), text('city'), email('email')],
    block: [on('email'), on('dob'), on('first_name'), on('surname'), on('city', year('dob'))],
  })

export const sitesModel = (conflicts: boolean): Model =>
  defineModel({
    link: 'dedupe',
    compare: [
      ...fullName('first_name', 'surname'),
      dateOfBirth('dob', { order: 'dmy' }),
      postcode('postcode'),
      exact('sex'),
      nhsNumber('nhs_number', conflicts ? { conflict: 'forbid' } : {}),
    ],
    block: [on('nhs_number'), on('first_name', 'surname'), on('surname', 'dob'), on('first_name', 'dob'), on('dob', 'postcode'), on('surname', 'postcode')],
    ...(conflicts ? { forbid: [forbid('relatives of one name and day', { surname: ['same'], dob: ['same'], first_name: ['different'] })] } : {}),
  })
