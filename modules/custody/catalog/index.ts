export {
  type Connection,
  type Connector,
  ConnectorError,
  type DiscoveredColumn,
  type DiscoveredTable,
  type ReadChunk,
  type ReadRequest,
  rowsPerChunk,
} from './connectors/connector.ts'
export { connectorsOf } from './connectors/kinds.ts'
export { optionalPackage } from './connectors/optional-package.ts'
export { type Reading, reading } from './connectors/reading.ts'
export {
  type ColumnSource,
  type DatasetFacts,
  type DatasetName,
  type RunEvent,
  type RunFacts,
  runEvent,
  runEventSchema,
  type TransformationSubtype,
} from './lineage/event.ts'
export { provContext, provNodes } from './lineage/prov.ts'
export { type LineageEdge, lineageEvents, lineageNamespace, lineageOf, recordLineage, resultDataset, resultsOf, tableDataset } from './lineage/record.ts'
export { lookLife } from './looks/states.ts'
export { catalogModule } from './module.ts'
export { profilesOf } from './profile/of-tables.ts'
export { type Profile, profileSchema } from './profile/schema.ts'
export { endResultTable, keepResultTable, type ResultTable, writeResultFile } from './results/keep.ts'
export { sealPacked } from './table-files/chunk-object.ts'
export { type ChunkPlace, type Manifest, manifestHash, manifestOf } from './table-files/manifest.ts'
export { putPart, readPart } from './table-files/parts.ts'
export { readManifest, readPacked, readTable } from './table-files/read-table.ts'
export { TableFileError, type TableKey, tableKey } from './table-files/seal.ts'
export { deleteTable, putChunk, putManifest, type WriteOptions, writeTable, writtenChunks } from './table-files/write-table.ts'
export { type CatalogTable, searchTables, tableByReference } from './tables/by-reference.ts'
export { type OpenedTable, type OpenOptions, openTable, uploadedTable } from './tables/open.ts'
