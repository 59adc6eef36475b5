export {
  type Connection,
  type Connector,
  ConnectorError,
  type DiscoveredColumn,
  type DiscoveredTable,
  type ReadRequest,
  rowsPerChunk,
} from './connectors/connector.ts'
export { catalogModule } from './module.ts'
