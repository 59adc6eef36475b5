/**
 * English forenames and what people who bear them are called. One line is one group; a name may stand in several. General
 * knowledge, written down for this project; it need not be complete, for a short form that is missing counts by its letters.
 */
const groups = `
abigail abby gail
albert al bert bertie
alexander alex alec sandy xander al lex
alexandra alex sandra lexi sandy
alfred alf alfie fred
alison ali allie
amanda mandy
andrew andy drew
angela angie
anne ann anna annie nancy
anthony tony ant
antonia toni
arthur art artie
barbara barb babs
benjamin ben benji benny
bernard bernie
bradley brad
bridget bridie biddy
calvin cal
cameron cam
caroline carolyn carrie caz
catherine katherine kathryn cath cathy kate katie kathy kath kitty kit kay
charles charlie chas chuck
charlotte charlie lottie lotte
christina christine chris chrissie tina
christopher chris kit topher
clifford cliff
constance connie
cornelius neil
cynthia cindy
daniel dan danny
danielle dani
david dave davey
deborah debra deb debbie
dennis den denny
derek del
desmond des
dominic dom nick
donald don donnie
dorothy dot dottie dolly
douglas doug dougie
edward ed eddie ted teddy ned
edwin ed eddie
eleanor ellie nell nora ella
elizabeth liz lizzie beth betty bess betsy eliza libby lisa elsie liza
emily em emmy
emma em
eric rick
ernest ernie
eugene gene
evelyn evie
florence flo florrie
frances fran francie
francis frank fran
franklin frank
frederick fred freddie
gabriel gabe
gabrielle gabby
geoffrey jeffrey geoff jeff
george georgie
gerald gerry jerry
gerard gerry ged
gilbert gil bert
gillian gill jill jilly
graham gray
gregory greg
gwendolyn gwen
harold harry hal
harriet hattie
helen nell nellie
henry harry hal hank
herbert herb bert
howard howie
hugh hughie
irene rene
isaac ike zac
isabella isabel izzy bella belle
jacob jake
jacqueline jackie jacqui
james jim jimmy jamie jem
jane janie jenny
janet jan
janice jan
jason jay
jennifer jen jenny
jessica jess jessie
joan joanie
joanne jo joanna
john jack johnny jon
jonathan jon jonny
joseph joe joey
josephine jo josie
joshua josh
joyce joy
judith judy jude
julia julie jules
julian jules
kenneth ken kenny
kevin kev
kimberly kim
laura laurie
lawrence laurence larry laurie lawrie
leonard len lenny leo
leslie les
lewis louis lew lou louie
lillian lily lil
louise lou
lucy lucille lu
luke lucas
madeline maddie
malcolm mal
margaret maggie meg peggy marge margie greta daisy madge
maria mary
marjorie marge margie
mark marc
martha marty mattie
martin marty
mary molly polly mae may
matthew matt matty
maureen mo
maurice mo
maxwell max
maximilian max
megan meg
melanie mel
melissa mel missy lissa
michael mike mick micky mickey mikey
michelle shelly
mildred millie
miranda mandy
mitchell mitch
mohammed mohammad muhammad mohamed mo
natalie nat
nathan nat nate
nathaniel nat nate nathan
nicholas nick nicky nic
nicola nicky nikki nic
nigel nige
norman norm
oliver ollie
olivia liv livvy
pamela pam
patricia pat patty tricia trish patsy
patrick pat paddy
paul paulie
pauline polly
penelope penny
peter pete
philip phil pip
priscilla cilla
rachel rae
randall randy
raymond ray
rebecca becky becca
reginald reg reggie
richard rick dick rich richie ricky dickie
robert bob bobby rob robbie bert
roberta bobbie
rodney rod
roger rog
roland roly
ronald ron ronnie
rosemary rose rosie
russell russ
ruth ruthie
samantha sam sammy
samuel sam sammy
sarah sara sally sadie
sebastian seb bastian
sharon shaz
shirley shirl
sidney sid
simon si
sophia sophie
stanley stan
stephanie steph
stephen steven steve stevie
stuart stewart stu
susan sue susie suzanne suzie susannah
sylvia syl
teresa theresa terry tess tessa
terence terry tel
theodore ted theo teddy
thomas tom tommy
timothy tim timmy
tobias toby
valerie val
vera vee
veronica ronnie vera
victor vic
victoria vicky tori vic
vincent vince vinny
virginia ginny ginger
vivian viv
walter wally walt
wendy wen
wilfred wilf fred
william bill billy will willie liam
winifred win winnie freda
yvonne eve
zachary zac zach zack
`

const groupsPerName = 4
const groupsOf = new Map<string, number>()
groups
  .trim()
  .split('\n')
  .forEach((line, index) => {
    for (const name of line.split(' ')) groupsOf.set(name, packed(groupsOf.get(name) ?? 0, index + 1))
  })

/** Up to four groups as the four bytes of one number. */
function packed(known: number, group: number): number {
  for (let slot = 0; slot < groupsPerName; slot++) if (((known >>> (slot * 8)) & 0xff) === 0) return known | (group << (slot * 8))
  return known
}

/** The groups a canonical forename belongs to, packed; 0 for none. */
export function shortFormGroups(name: string): number {
  return groupsOf.get(name) ?? 0
}

/** Whether two packed lists share a group. */
export function shareGroup(left: number, right: number): boolean {
  if (left === 0 || right === 0) return false
  for (let one = left; one !== 0; one >>>= 8) {
    for (let other = right; other !== 0; other >>>= 8) if ((one & 0xff) === (other & 0xff)) return true
  }
  return false
}
