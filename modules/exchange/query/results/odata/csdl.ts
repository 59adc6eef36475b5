/** What a feed is made of, in OData's own language (CSDL 4.01): XML, which Excel and Power BI read, and JSON. Pure. */
import type { Field, FieldType } from '@gatehouse/tabular/field'

export const entitySet = 'rows'
const namespace = 'gatehouse'
/** The place of the row. No column has this name: theirs begin with a letter. */
export const rowKey = '_row'

const edmTypes: Readonly<Record<FieldType, string>> = {
  string: 'Edm.String',
  integer: 'Edm.Int64',
  number: 'Edm.Double',
  boolean: 'Edm.Boolean',
  date: 'Edm.Date',
  instant: 'Edm.DateTimeOffset',
}

type Columns = readonly Pick<Field, 'name' | 'type'>[]

/** What a client need not try: it asks for the rows as they are and sorts them itself. */
const capabilities = 'Org.OData.Capabilities.V1'

export function csdlXml(columns: Columns): string {
  const properties = columns.map(({ name, type }) => `<Property Name="${name}" Type="${edmTypes[type]}"/>`).join('')
  const no = (term: string, property: string) =>
    `<Annotation Term="${capabilities}.${term}"><Record><PropertyValue Property="${property}" Bool="false"/></Record></Annotation>`
  return (
    '<?xml version="1.0" encoding="utf-8"?>' +
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>' +
    `<Schema Namespace="${namespace}" xmlns="http://docs.oasis-open.org/odata/ns/edm">` +
    `<EntityType Name="row"><Key><PropertyRef Name="${rowKey}"/></Key><Property Name="${rowKey}" Type="Edm.Int64" Nullable="false"/>${properties}</EntityType>` +
    `<EntityContainer Name="result"><EntitySet Name="${entitySet}" EntityType="${namespace}.row">` +
    no('SortRestrictions', 'Sortable') +
    no('ExpandRestrictions', 'Expandable') +
    no('SearchRestrictions', 'Searchable') +
    no('InsertRestrictions', 'Insertable') +
    no('UpdateRestrictions', 'Updatable') +
    no('DeleteRestrictions', 'Deletable') +
    `<Annotation Term="${capabilities}.FilterFunctions"><Collection><String>startswith</String></Collection></Annotation>` +
    '</EntitySet></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>'
  )
}

export function csdlJson(columns: Columns): object {
  const properties = columns.map(({ name, type }) => [name, { ...(type === 'string' ? {} : { $Type: edmTypes[type] }), $Nullable: true }])
  const no = (term: string, property: string) => [`@${capabilities}.${term}`, { [property]: false }]
  return {
    $Version: '4.01',
    $EntityContainer: `${namespace}.result`,
    [namespace]: {
      row: { $Kind: 'EntityType', $Key: [rowKey], [rowKey]: { $Type: 'Edm.Int64' }, ...Object.fromEntries(properties) },
      result: {
        $Kind: 'EntityContainer',
        [entitySet]: {
          $Collection: true,
          $Type: `${namespace}.row`,
          ...Object.fromEntries([
            no('SortRestrictions', 'Sortable'),
            no('ExpandRestrictions', 'Expandable'),
            no('SearchRestrictions', 'Searchable'),
            no('InsertRestrictions', 'Insertable'),
            no('UpdateRestrictions', 'Updatable'),
            no('DeleteRestrictions', 'Deletable'),
          ]),
          [`@${capabilities}.FilterFunctions`]: ['startswith'],
        },
      },
    },
  }
}
