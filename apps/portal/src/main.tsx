import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './base.css'
import { DirectionProvider, MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { startSpeaking } from './i18n/index.ts'
import { router } from './router.tsx'
import { queryClient, whenSessionEnds } from './session.ts'
import { cssVariables, theme } from './theme.ts'
import { Notices } from './ui/notices.tsx'
import { StepUpHost } from './ui/step-up-host.tsx'

whenSessionEnds(() => {
  // Nothing of what was inside stays in this browser.
  queryClient.clear()
  void router.navigate({ to: '/sign-in' })
})
await startSpeaking()
const place = document.getElementById('root')
if (place === null) throw new Error('index.html has lost its root element')
createRoot(place).render(
  <StrictMode>
    <DirectionProvider>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
        <QueryClientProvider client={queryClient}>
          <Notices />
          <RouterProvider router={router} />
          <StepUpHost />
        </QueryClientProvider>
      </MantineProvider>
    </DirectionProvider>
  </StrictMode>,
)
