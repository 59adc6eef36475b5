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
export { type LineageEdge, lineageEvents, lineageNamespace, lineageOf, recordLineage, resultDataset, resultsOf, tableDataset } from './lineage/record.ts'
export { catalogModule } from './module.ts'
export { profilesOf } from './profile/of-tables.ts'
export { type Profile, profileSchema } from './profile/schema.ts'
export { sealPacked } from './table-files/chunk-object.ts'
export { type ChunkPlace, type ChunkPlace, type Manifest, type Manifest, manifestHash, manifestHash, manifestOf } from './table-files/manifest.ts'
export { putPart, readPart } from './table-files/parts.ts'
export { readManifest, readManifest, readPacked, readTable, readTable } from './table-files/read-table.ts'
export { TableFileError, TableFileError, type TableKey, type TableKey, tableKey, tableKey } from './table-files/seal.ts'
export {
  deleteTable,
  deleteTable,
  putChunk,
  putManifest,
  type WriteOptions,
  type WriteOptions,
  writeTable,
  writeTable,
  writtenChunks,
  writtenChunks,
} from './table-files/write-table.ts'
export { type CatalogTable, type CatalogTable, searchTables, tableByReference, tableByReference } from './tables/by-reference.ts'
export { type OpenedTable, type OpenOptions, openTable, uploadedTable } from './tables/open.ts'
