import { SimpleGrid } from '@mantine/core'
import { type ComponentType, lazy, type ReactNode, Suspense, useMemo } from 'react'
import { loadWords } from '../../i18n/index.ts'
import { useSession } from '../../session.ts'
import { LoadingState } from '../../ui/states.tsx'
import { cardsFor, type HomeCard } from './cards.ts'
import './home.css'

const made = new Map<string, ComponentType>()

/** Each card comes by itself, with its words. */
function componentOf({ name, words = [], load }: HomeCard): ComponentType {
  const known = made.get(name)
  if (known !== undefined) return known
  const Card = lazy(async () => {
    const [Loaded] = await Promise.all([load(), ...['home.cards', ...words].map(loadWords)])
    return { default: Loaded }
  })
  made.set(name, Card)
  return Card
}

/** The cards of one's roles; without any, what stands otherwise. */
export function Board({ otherwise }: { readonly otherwise: ReactNode }) {
  const session = useSession()
  const cards = useMemo(() => cardsFor(session).map((card) => ({ name: card.name, wide: card.wide === true, Card: componentOf(card) })), [session])
  if (cards.length === 0) return otherwise
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
      {cards.map(({ name, wide, Card }) => (
        <div key={name} className="home-card" data-wide={wide}>
          <Suspense fallback={<LoadingState />}>
            <Card />
          </Suspense>
        </div>
      ))}
    </SimpleGrid>
  )
}
