import { defineModule } from '@gatehouse/runtime/door/module'

export const catalogModule = defineModule({ name: 'catalog', operations: [], problems: {} })
