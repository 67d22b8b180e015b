import OpsSpec
import Testing

@Suite struct ConditionTests {
    @Test(arguments: [
        "blockers >= 1", "pg.root_blocker.xact_age > 2s", "pg.root_blocker.kind == migration", "waiting > 0",
        "pg.sessions{callers, idle in transaction} > 0", "pg.sessions{callers, active} >= pool.max{callers}",
        "blockers == 0 within 2s", "log.code == 28P01", "log.code == 53300", "slow.ratio > 5", "pg.top_owner.pausable",
        "journey.failures_by{checkout, code}.top_share > 50%", "used <= 0.8",
        "pool.waiting{callers} != 0 within 1500ms",
    ])
    func printsWhatItRead(_ text: String) throws {
        #expect(try Condition(text).description == text)
    }

    @Test(arguments: [
        ("", "a read or a name from 'look' is expected here (character 1)"),
        ("blockers >=", "something to compare with is expected here (character 12)"),
        ("a > 1 and b > 2", "the condition should end here; it has no and, or, not (character 7)"),
        ("a{b > 1", "the selector has no '}' (character 8)"),
        ("a{b,} > 1", "a selector holds words, separated by commas (character 6)"),
        ("a = 1", "the condition should end here; it has no and, or, not (character 3)"),
        ("a > 1 within soon", "'within' needs a duration such as 2s (character 18)"),
        ("5 > a", "a read or a name from 'look' is expected here (character 1)"),
        ("a > >", "'>' is neither number nor word (character 6)"),
    ])
    func explainsWhatItCannotRead(_ text: String, _ message: String) {
        do {
            _ = try Condition(text)
            Issue.record("accepted")
        } catch {
            #expect(error.description == message)
        }
    }

    /// Print then parse is identity, over conditions made from a seed.
    @Test(arguments: 0..<300) func roundTrip(_ seed: UInt64) throws {
        var chance = Chance(seed)
        let condition = chance.condition()
        let read = try Condition(condition.description, aliases: ["waiting", "used"])
        #expect(read == condition, "seed \(seed): \(condition)")
    }

    @Test(arguments: [
        ("n > 2", ConditionValue.number(3, .none), Truth.yes), ("n > 2s", .number(1.5, .seconds), .no),
        ("n == 2", .number(2, .none), .yes), ("n != 2", .number(2, .none), .no),
        ("n < 20%", .number(0.1, .ratio), .yes),
        ("n == refused", .word("refused"), .yes), ("n != refused", .word("ok"), .yes),
        ("n == 28P01", .list(["28P01"]), .yes),
        ("n == 53300", .list(["53300", "x"]), .yes), ("n != 53300", .list(["x"]), .yes),
        ("n == 53300", .word("53300"), .yes),
        ("n", .flag(true), .yes), ("n", .number(0, .none), .no), ("n == true", .flag(true), .yes),
        ("n == false", .flag(true), .no),
        ("n > 2", .word("many"), .unknown), ("n > 2", .unknown("no sample"), .unknown),
        ("n == absent", .unknown("x"), .unknown),
    ])
    func evaluates(_ text: String, _ value: ConditionValue, _ truth: Truth) throws {
        #expect(try Condition(text).evaluate(with: Fixed(values: ["n": value])) == truth)
    }

    @Test func comparesTwoReads() throws {
        let condition = try Condition("pg.sessions{callers, active} >= pool.max{callers}")
        let values: [String: ConditionValue] = [
            "pg.sessions{callers, active}": .number(20, .none), "pool.max{callers}": .number(20, .none),
        ]
        #expect(condition.evaluate(with: Fixed(values: values)) == .yes)
        #expect(condition.evaluate(with: Fixed(values: [:])) == .unknown)
    }

    @Test(arguments: [
        ("a > 5", "a < 2", true), ("a > 5", "a > 2", false), ("a >= 5", "a <= 5", false), ("a > 5", "a <= 5", true),
        ("a == x", "a == y", true), ("a == x", "a != x", true), ("a == x", "b == y", false), ("a == 0", "a >= 1", true),
    ])
    func knowsWhatContradicts(_ a: String, _ b: String, _ excludes: Bool) throws {
        let (first, second) = (try Condition(a), try Condition(b))
        #expect(first.excludes(second) == excludes)
        #expect(second.excludes(first) == excludes)
    }
}

private struct Fixed: ConditionResolver {
    var values: [String: ConditionValue]
    func value(of reference: Reference) -> ConditionValue { values[reference.description] ?? .unknown("not given") }
}

private struct Chance {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 7 }

    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }

    mutating func pick<T>(_ items: [T]) -> T { items[next(items.count)] }

    mutating func reference() -> Reference {
        let path = pick([
            ["waiting"], ["used"], ["pool", "max"], ["pg", "root_blocker", "xact_age"], ["slow", "ratio"],
        ])
        let selector = pick([[], ["callers"], ["callers", "idle in transaction"], ["a b", "c", "500"]])
        return Reference(path: path, selector: selector, tail: selector.isEmpty ? [] : pick([[], ["ratio"]]))
    }

    mutating func condition() -> Condition {
        var condition = Condition(left: reference())
        if next(8) > 0 {
            condition.relation = pick(Condition.Relation.allCases)
            condition.right = operand()
        }
        if next(3) == 0 { condition.within = .milliseconds(pick([1, 500, 2_000, 60_000, 90_000])) }
        return condition
    }

    mutating func operand() -> Condition.Operand {
        switch next(3) {
        case 0:
            let text = pick(["0", "1.5", "2s", "500ms", "-3", "20%", "128MiB", "100/s", "0.95"])
            return Quantity(text).map { .number(text, $0) } ?? .word(text)
        case 1: return .word(pick(["migration", "28P01", "bad-answer", "idle", "shop.env"]))
        default:
            var right = reference()
            if right.path == ["slow", "ratio"] { right.path = ["pg", "blockers"] }
            return .reference(right)
        }
    }
}
