import type { Words } from './saying.ts'

export const es: Words = {
  kinds: {
    review_waits: { subject: 'Una revisión le espera', says: 'Una revisión espera su voto.' },
    review_due: { subject: 'Una revisión termina pronto', says: 'El plazo de una revisión que le espera termina pronto. Después no sucede nada de ella.' },
    review_differs: {
      subject: 'Los votos de una revisión difieren',
      says: 'Están todos los primeros votos de una revisión, y difieren. Puede cambiar el suyo o concluir.',
    },
    review_ended: { subject: 'Una revisión ha terminado', says: 'Ha terminado una revisión, o una ronda de ella.' },
    review_said: { subject: 'Un comentario en una revisión', says: 'Alguien ha dicho algo sobre una revisión.' },
    approval_waits: {
      subject: 'Un acto espera a una segunda persona',
      says: 'Alguien ha pedido algo que solo sucede cuando otra persona pide lo mismo. Usted puede ser esa persona.',
    },
    approval_due: {
      subject: 'Un acto que espera a una segunda persona caduca pronto',
      says: 'Lo que alguien ha pedido espera todavía a otra persona y caduca en unas horas.',
    },
    approval_ended: {
      subject: 'Lo que pidió se ha decidido',
      says: 'Un acto que usted pidió y que esperaba a otra persona se ha llevado a cabo, se ha retirado o ha caducado.',
    },
    seat_handed: { subject: 'Se le ha cedido un puesto', says: 'Un colega le ha cedido hasta una fecha un puesto en la mesa de revisión.' },
    emergency_taken: {
      subject: 'Se ha tomado un derecho de emergencia',
      says: 'Alguien ha tomado un derecho en una emergencia. Mire ahora el motivo y revíselo.',
    },
    consent_changed: {
      subject: 'Uno de sus consentimientos ha cambiado',
      says: 'Se ha registrado o retirado un consentimiento suyo. Si no ha sido usted, mírelo.',
    },
    request_advanced: {
      subject: 'Lo que pidió ha avanzado',
      says: 'Hay novedades de algo que usted pidió. Léalas tras iniciar sesión.',
    },
    request_late: {
      subject: 'El plazo para responderle ha terminado',
      says: 'Ha terminado el plazo en que había que responder a algo que usted pidió. Puede verlo tras iniciar sesión, y a quién puede dirigirse.',
    },
    request_received: { subject: 'Una persona ha pedido algo', says: 'Una persona ha pedido algo conforme a la ley.' },
    request_due: {
      subject: 'El plazo para responder a una persona termina',
      says: 'Algo que una persona pidió debe responderse en una semana. Respóndalo, o amplíe su plazo con un motivo.',
    },
    request_overdue: {
      subject: 'No se respondió a una persona a tiempo',
      says: 'Ha terminado el plazo legal de algo que una persona pidió. Respóndalo ahora.',
    },
  },
  digest: (count) => ({ subject: `${count} novedades en su bandeja`, says: `Desde la última carta han llegado a su bandeja: ${count}.` }),
  choose: (place) => `Puede elegir qué se le comunica por correo: ${place}`,
}
