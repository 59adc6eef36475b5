/** What `GATEHOUSE_SOURCE_PLUGINS` names: the plug-in with this node's folder of warehouses. Copy it and write your own folder here. */
import { duckdb } from './duckdb.mjs'

export default duckdb({ folder: '/srv/warehouses' })
