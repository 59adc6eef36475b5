/** Small lists from which people are made. Nobody in particular is meant. */

type List = readonly [string, ...string[]]

export interface Culture {
  readonly weight: number
  readonly female: List
  readonly male: List
  readonly family: List
}

export const cultures: readonly Culture[] = [
  {
    weight: 50,
    female: ['Olivia', 'Margaret', 'Susan', 'Emily', 'Grace', 'Charlotte', 'Hannah', 'Dorothy', 'Karen', 'Chloe', 'Ruth', 'Alice', 'Megan', 'Eleanor', 'Joan'],
    male: ['Oliver', 'George', 'David', 'James', 'Thomas', 'Peter', 'Harry', 'Alan', 'Kevin', 'Callum', 'Stephen', 'Edward', 'Robert', 'Luke', 'Ian'],
    family: [
      'Smith',
      'Taylor',
      'Walker',
      'Hughes',
      'Thompson',
      'Barker',
      'Cooper',
      'Whitfield',
      'Ellis',
      "O'Brien",
      'MacLeod',
      'Hargreaves',
      'Fletcher',
      'Webb',
    ],
  },
  {
    weight: 14,
    female: ['Aisha', 'Fatima', 'Zainab', 'Maryam', 'Sana', 'Noor', 'Khadija', 'Amina'],
    male: ['Mohammed', 'Ahmed', 'Bilal', 'Hassan', 'Imran', 'Yusuf', 'Tariq', 'Omar'],
    family: ['Khan', 'Hussain', 'Malik', 'Begum', 'Rahman', 'Siddiqui', 'Chaudhry', 'Mirza'],
  },
  {
    weight: 10,
    female: ['Priya', 'Anjali', 'Kavita', 'Meera', 'Sunita', 'Deepa', 'Harpreet', 'Lakshmi'],
    male: ['Arjun', 'Rajesh', 'Vikram', 'Sanjay', 'Gurpreet', 'Anil', 'Rohan', 'Suresh'],
    family: ['Patel', 'Sharma', 'Singh', 'Kaur', 'Reddy', 'Nair', 'Gupta', 'Desai'],
  },
  {
    weight: 9,
    female: ['María', 'Carmen', 'Lucía', 'Isabel', 'Ana', 'Sofía', 'Pilar', 'Inés'],
    male: ['José', 'Antonio', 'Javier', 'Diego', 'Manuel', 'Pablo', 'Andrés', 'Raúl'],
    family: ['García', 'Fernández', 'López', 'Martínez', 'Muñoz', 'Ibáñez', 'Romero', 'Vázquez'],
  },
  {
    weight: 7,
    female: ['Agnieszka', 'Katarzyna', 'Zofia', 'Magdalena', 'Ewa', 'Joanna'],
    male: ['Piotr', 'Tomasz', 'Jakub', 'Marek', 'Paweł', 'Grzegorz'],
    family: ['Nowak', 'Kowalczyk', 'Wójcik', 'Kamiński', 'Zieliński', 'Mazur'],
  },
  {
    weight: 6,
    female: ['Ngozi', 'Chiamaka', 'Folake', 'Adaeze', 'Ama', 'Efua'],
    male: ['Chukwudi', 'Emeka', 'Tunde', 'Kwame', 'Kofi', 'Segun'],
    family: ['Okafor', 'Adeyemi', 'Mensah', 'Eze', 'Boateng', 'Balogun'],
  },
  {
    weight: 4,
    female: ['Mei', 'Xiu Ying', 'Li Na', 'Hui', 'Linh', 'Yuki'],
    male: ['Wei', 'Jian', 'Ming', 'Hao', 'Minh', 'Kenji'],
    family: ['Wang', 'Chen', 'Li', 'Zhang', 'Nguyen', 'Tanaka'],
  },
]

export const streets: List = [
  'High Street',
  'Church Lane',
  'Station Road',
  'Mill Lane',
  'Victoria Road',
  'Park Avenue',
  'Queens Drive',
  'The Crescent',
  'Moor View',
  'Grange Close',
]

export interface Town {
  readonly name: string
  readonly area: string
  readonly districts: number
  readonly weight: number
}

export const towns: readonly Town[] = [
  { name: 'Leeds', area: 'LS', districts: 29, weight: 12 },
  { name: 'Sheffield', area: 'S', districts: 14, weight: 9 },
  { name: 'Bradford', area: 'BD', districts: 24, weight: 8 },
  { name: 'Hull', area: 'HU', districts: 17, weight: 5 },
  { name: 'York', area: 'YO', districts: 32, weight: 5 },
  { name: 'Huddersfield', area: 'HD', districts: 9, weight: 3 },
  { name: 'Harrogate', area: 'HG', districts: 5, weight: 2 },
]

export interface Occupation {
  readonly name: string
  /** Yearly median in pounds; incomes spread around it. */
  readonly income: number
  readonly minAge: number
  readonly weight: number
}

export const occupations: readonly Occupation[] = [
  { name: 'Sales assistant', income: 19_000, minAge: 16, weight: 12 },
  { name: 'Care worker', income: 21_500, minAge: 18, weight: 9 },
  { name: 'Warehouse operative', income: 24_000, minAge: 18, weight: 8 },
  { name: 'Administrator', income: 25_500, minAge: 18, weight: 9 },
  { name: 'Chef', income: 25_000, minAge: 18, weight: 4 },
  { name: 'Lorry driver', income: 33_000, minAge: 19, weight: 4 },
  { name: 'Electrician', income: 36_000, minAge: 20, weight: 4 },
  { name: 'Nurse', income: 37_000, minAge: 21, weight: 7 },
  { name: 'Teacher', income: 41_500, minAge: 22, weight: 7 },
  { name: 'Accountant', income: 45_000, minAge: 22, weight: 3 },
  { name: 'Software developer', income: 50_000, minAge: 21, weight: 5 },
  { name: 'Solicitor', income: 54_000, minAge: 24, weight: 2 },
  { name: 'General practitioner', income: 92_000, minAge: 29, weight: 1 },
]
