import { defineProblems } from '@gatehouse/core/problem'

export const problems = defineProblems('backups', {
  not_scheduled: {
    status: 409,
    title: 'This node makes no backups by itself',
    mend: 'Set GATEHOUSE_BACKUPS to a folder, or run gatehouse backup. With DATABASE_URL the database server has backups of its own.',
  },
})
