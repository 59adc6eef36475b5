import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { createProject } from './create.ts'
import { listHolders } from './holders/list.ts'
import { dismissHolder, nameHolder } from './holders/name.ts'
import { beginProject, endProject, resumeProject, suspendProject } from './life.ts'
import { listProjects } from './list.ts'
import { addMember, removeMember } from './members.ts'
import { membership } from './membership.ts'
import { projectsProblems } from './problems.ts'
import { createProduct } from './products/create.ts'
import { endProduct } from './products/end.ts'
import { listProducts } from './products/list.ts'
import { readProduct } from './products/read.ts'
import { updateProduct } from './products/update.ts'
import { readProject } from './read.ts'
import { addSource, removeSource } from './sources.ts'
import { updateProject } from './update.ts'

export const projectsModule = defineModule({
  name: 'projects',
  operations: [
    createProduct,
    listProducts,
    readProduct,
    updateProduct,
    endProduct,
    createProject,
    listProjects,
    readProject,
    updateProject,
    beginProject,
    suspendProject,
    resumeProject,
    endProject,
    addMember,
    removeMember,
    addSource,
    removeSource,
    listHolders,
    nameHolder,
    dismissHolder,
  ],
  reviewKinds: [membership],
  problems: projectsProblems,
  migrations: join(import.meta.dirname, 'migrations'),
})
