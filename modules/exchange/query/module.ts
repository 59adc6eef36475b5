import { defineModule } from '@gatehouse/runtime/door/module'

export const queryModule = defineModule({ name: 'query', operations: [], problems: {} })
