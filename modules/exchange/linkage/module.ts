import { defineModule } from '@gatehouse/runtime/door/module'

export const linkageModule = defineModule({ name: 'linkage', operations: [], problems: {} })
