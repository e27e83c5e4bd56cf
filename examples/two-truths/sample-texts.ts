/**
 * What people really type: accents, scripts from right to left, emoji, quotes, tabs,
 * backslashes, line breaks, and texts that look like something else ('NULL', '\N', '007').
 */
export const firstNames = [
  "Ada", "José", "Zoë", "Anaïs", "Björn", "Łukasz", "Nguyễn", "Ольга", "Δήμητρα", "محمد", "יעל", "小林", "지우", "Ravi",
  "D'Arcy", "Mary-Jane", "Siân", "Ògún", "İpek", "Null", "Chloe\u0301", "👩‍🚀 Sally", "\"Buzz\"", "Ann\\Marie", "Ida\t", "O’Neil",
  "Grace", "Linus", "Barbara", "Edsger", "Radia", "Ken", "Margaret", "Tim", "Frances", "Alan", "Katherine", "Dennis", "Hedy", "Donald",
] as const;

export const lastNames = [
  "Lovelace", "García Márquez", "O'Brien", "Müller", "Østergård", "Kowalska", "Nguyễn", "Петрова", "Παπαδοπούλου", "الخطيب",
  "כהן", "さくら", "김", "van der Berg", "St. John", "Null", "Smith; DROP TABLE users", "de la Cruz", "Jr.\tIII", "N\\A",
  "Hopper", "Torvalds", "Liskov", "Dijkstra", "Perlman", "Thompson", "Hamilton", "Berners-Lee", "Allen", "Turing", "Johnson", "Ritchie",
] as const;

export const statements = [
  "I once missed a flight because of a llama.",
  "I can't whistle, but I can yodel.",
  "My grandmother's café served \"the worst coffee in Lyon\".",
  "I have never broken a bone 🦴",
  "I speak four languages: English, français, 日本語 and emoji 😀.",
  "My first program printed \\N and then crashed.",
  "I keep bees.\nThey keep me too.",
  "Column A\tColumn B — I think in tabs.",
  "I was born on 29 February.",
  "C:\\Users\\me\\secrets.txt is where I keep my secrets",
  "I won a chess game against my boss; he doesn't know yet",
  "I've read Война и мир twice.",
  "I can say the alphabet backwards: zyx…",
  "I own 007 cats",
  "null",
  "مرحبا is the only word of Arabic that I know.",
  "I have a twin — nobody has seen us together.",
  "I eat pizza with pineapple, 100% of the time",
  "My wifi password is {\"pass\": [1, 2, 3]}",
  "I was an extra in a film that was never released.\r\n(Thank God.)",
  "I don't like 'air quotes'",
  "I climbed Kilimanjaro in sandals.",
  "I once ate 42 pancakes.",
  "I learned to swim at 31.",
] as const;

export const titles = [
  "Guess the lie!", "Which one's false?", "Trois vérités, un mensonge", "🎲 Round", "Too good to be true", "It's complicated",
  "A \"short\" story", "Tab\there", "二つの真実", "Back\\slash", "Правда или ложь", "Monday edition",
] as const;

export const userAgents = [
  "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
  "TwoTruths/3.2.1 (iPhone; iOS 17.5; Scale/3.00)",
  "TwoTruths/3.1.0 (Android 14; \"Pixel 8\")",
  "curl/8.7.1",
] as const;

export const permissions = [["play"], ["play", "create"], ["play", "create", "moderate"], []] as const;
