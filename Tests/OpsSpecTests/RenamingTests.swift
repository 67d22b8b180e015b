import OpsModel
import OpsService
import OpsSpec
import Testing

@Suite struct RenamingTests {
    private func shop(_ seed: UInt64 = 1) throws -> Renaming {
        var chance = SeededGenerator(seed: seed)
        return Renaming(of: try Topology.load("compose/topology.yaml"), using: &chance)
    }

    /// Texts of names, words, separators, escapes and letters of other scripts, in any order.
    private func texts(_ seed: UInt64, _ names: Renaming) -> [String] {
        var chance = SeededGenerator(seed: seed)
        let parts = [
            "api", "api-1", "db", "restart-db", "restart-", "clear-cache", "DB_POOL", "shop.env", "jobs_quarantine",
            "report", "checkout", "idle in transaction",
            "GET ",
            "/", "_", "-", ".", " ", "7", "k3", "é", "e\u{301}", "\u{202E}", "\r\n", "\u{1B}[31m", "日本", "", "\u{0}",
            "apiapi",
            names.there("db"), names.there("api-1"),
        ]
        return (0..<2_000).map { _ in
            (0..<Int.random(in: 0...9, using: &chance)).map { _ in parts.randomElement(using: &chance) ?? "" }.joined()
        }
    }

    @Test(arguments: [1, 2, 3, 99] as [UInt64]) func itIsABijectionOverAllTexts(seed: UInt64) throws {
        let names = try shop(seed)
        let texts = Set(texts(seed, names).map { Array($0.unicodeScalars) }).map { text in
            var string = ""
            string.unicodeScalars.append(contentsOf: text)
            return string
        }
        for text in texts {
            #expect(Array(names.back(names.there(text)).utf8) == Array(text.utf8), "seed \(seed)")
            #expect(Array(names.there(names.back(text)).utf8) == Array(text.utf8), "seed \(seed)")
        }
        #expect(Set(texts.map { Array(names.there($0).utf8) }).count == texts.count, "no two texts become one")
    }

    @Test func nothingThatTheTopologyNamesIsLeft() throws {
        let names = try shop()
        let words = [
            "shop", "browse", "checkout", "fulfil", "web", "api", "worker", "report", "payments", "db", "cache",
            "scratch", "api-1",
            "api-2", "shop.env", "DB_PASSWORD", "PAYMENTS_ACTIVE", "PAYMENTS_FALLBACK_URL", "WORKER_CONCURRENCY",
            "products",
            "customers", "orders", "stock", "jobs", "jobs_quarantine", "/api/products", "POST /api/checkout",
        ]
        for word in words {
            let other = names.there(word)
            #expect(other != word)
            let kept = Set(Self.words(other)).intersection(Self.words(word))
            #expect(kept.isSubset(of: ["1", "2", "env", "POST", "GET"]), "\(word) became \(other)")
        }
        #expect(Set(words.map(names.there)).count == words.count)
        #expect(names.there("api-1").hasPrefix(names.there("api") + "-"), "one component's instances stay one's")
    }

    private static func words(_ text: String) -> [String] {
        text.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.map(String.init)
    }

    @Test func wordsOfTheVocabulariesStay() throws {
        let names = try shop()
        for text in [
            "idle in transaction", "refused", "observer", "flags", "config", "primary", "fallback", "statement_timeout",
            "blocker",
            "running", "42P01", "53300", "7",
        ] { #expect(names.there(text) == text) }
    }

    @Test func namesOfActionsStayWhateverTheyHold() throws {
        let names = try shop()
        #expect(
            names.there("run restart-db, not restart-api; the db")
                == "run restart-db, not restart-api; the \(names.there("db"))"
        )
        #expect(names.back("restart-\(names.there("db"))") != "restart-db", "or two texts would become one")
    }

    @Test func aTrueNameMeansNothingToWhoUsesIt() throws {
        let names = try shop()
        #expect(names.back("db") != "db")
        #expect(names.back(names.there("db")) == "db")
        #expect(names.prose("the db of \(names.there("api-1"))") == "the db of api-1", "a sentence keeps its own words")
    }

    @Test func aSeedDecidesTheNames() throws {
        #expect(try shop(1) == shop(1))
        #expect(try shop(1).there("db") != shop(2).there("db"))
        let drawn = try shop(5).there("db")
        #expect(drawn.count == 4 && drawn.first?.isLetter == true && drawn.last?.isNumber == true)
    }
}
