import OpsModel
import Testing

@testable import Observer

@Suite("Reads about PostgreSQL")
struct PostgresReadsTests {
    private func session(
        _ pid: Int,
        _ role: String,
        _ application: String,
        state: String = "active",
        blockedBy: [Int] = [],
        wait: Double? = nil
    ) -> PostgresSession {
        PostgresSession(
            pid: pid,
            role: role,
            application: application,
            component: SessionOwner(Fixture.map).component(role: role, application: application),
            state: state,
            xactAge: 3.6,
            blockedBy: blockedBy,
            waitAge: wait
        )
    }

    /// A report idle in its transaction, six sessions behind it, two of them behind another waiter.
    private func world(wait: Double = 2) -> World {
        var sessions = [session(4_117, "report", "nightly-report-3f9a", state: "idle in transaction")]
        sessions += (1...4).map { session($0, "shop", "shop-api-77aa", blockedBy: [4_117], wait: wait) }
        sessions += (5...6).map { session($0, "shop", "shop-worker-1c2d", blockedBy: [1], wait: wait / 2) }
        sessions.append(session(9, "operator", "psql-99aa", state: "idle"))
        var world = World()
        world.postgres.activity = Sampled(
            value: PostgresActivity(
                sessions: sessions,
                used: 90,
                limit: 97,
                locked: [4_117: ["stock RowExclusiveLock"]]
            ),
            at: Fixture.now + -0.4
        )
        return world
    }

    @Test("the root blocker is named with its owner, age, relation and everybody behind it")
    func rootBlocker() {
        let answer = Fixture.answer(world(), "pg.root_blocker", "db")
        #expect(answer.value == 4_117)
        #expect(answer.fields["owner"] == "report")
        #expect(answer.fields["component"] == "report")
        #expect(answer.fields["pausable"] == true)
        #expect(answer.fields["state"] == "idle in transaction")
        #expect(answer.fields["xact_age"]?.doubleValue == 3.6)
        #expect(answer.fields["waiting"] == 6)
        #expect(answer.fields["relation"] == "stock")
        #expect(answer.fields["kind"] == "service")
        #expect(answer.rows.count == 6)
        let blockers = Fixture.answer(world(), "pg.blockers", "db")
        #expect(blockers.value == 1)
        #expect(blockers.fields["longest_wait"]?.doubleValue == 2)
    }

    @Test("momentary waits are no blockers, and nobody blocking is an answer")
    func momentary() {
        #expect(Fixture.answer(world(wait: 0.1), "pg.blockers").value == 0)
        let root = Fixture.answer(world(wait: 0.1), "pg.root_blocker")
        #expect(root.status == .ok)
        #expect(root.value == .null)
    }

    @Test("sessions are counted by owner and state")
    func sessions() {
        #expect(Fixture.answer(world(), "pg.sessions", "db").value == 8)
        #expect(Fixture.answer(world(), "pg.sessions", "db", ["callers", "active"]).value == 6)
        #expect(Fixture.answer(world(), "pg.sessions", "db", ["callers", "idle in transaction"]).value == 1)
        #expect(Fixture.answer(world(), "pg.sessions", "db", ["worker"]).value == 2)
        #expect(Fixture.answer(world(), "pg.sessions", "db", ["operator"]).value == 1)
        let top = Fixture.answer(world(), "pg.top_owner", "db")
        #expect(top.value == "api")
        #expect(top.fields["sessions"] == 4)
        #expect(top.fields["role"] == "shop", "what to end them by")
        #expect(Fixture.answer(world(), "pg.connections_ratio", "db").value.doubleValue == 0.928)
    }

    @Test("a database that stopped answering is unknown, with the reason, not zero blockers")
    func unreachable() {
        var world = world()
        world.postgres.activity?.at = Fixture.now + -9
        world.postgres.failure = Sampled(value: "the database did not answer Observer: refused", at: Fixture.now)
        let answer = Fixture.answer(world, "pg.blockers")
        #expect(answer.status == .unknown)
        #expect(answer.value == .null)
        #expect(answer.reason == "the database did not answer Observer: refused")
    }

    @Test("owners: instance, role, word of the name, nobody")
    func owners() {
        let owner = SessionOwner(Fixture.map)
        #expect(owner.component(role: "shop", application: "api-1-77") == "api")
        #expect(owner.component(role: "report", application: "whatever") == "report")
        #expect(owner.component(role: "shop", application: "shop-worker-12ab") == "worker")
        #expect(owner.component(role: "operator", application: "psql") == nil)
        #expect(owner.component(role: "shop", application: "shop-api-12db3400") == "api")
        #expect(owner.component(role: "operator", application: "psql-00db0001") == nil)
        #expect(owner.instance(application: "api-2") == "api-2")
        #expect(owner.instance(application: "api-22") == nil)
    }

    @Test("statements are compared with what calm taught")
    func statements() {
        var book = StatementBook()
        let start = Fixture.now + -60
        for second in 0..<30 {
            let calls = Double(second * 10)
            book.observe(
                [StatementCounters(id: "1", text: "SELECT x", calls: calls, totalMs: calls * 2)],
                at: start + Double(second),
                isCalm: true
            )
        }
        var (calls, total) = (290.0, 580.0)
        for second in 30..<60 {
            calls += 10
            total += 10 * 40
            book.observe(
                [StatementCounters(id: "1", text: "SELECT x", calls: calls, totalMs: total)],
                at: start + Double(second),
                isCalm: false
            )
        }
        let worst = book.comparisons(seconds: 6).first
        #expect(worst?.baselineMs == 2)
        #expect(worst?.meanMs == 40)
        #expect(worst?.ratio == 20)
    }

    @Test("a fast statement that takes a little longer is not slow")
    func fastStatements() {
        let usual = StatementBook.Comparison(id: "1", text: "", meanMs: 0.256, baselineMs: 0.137, calls: 127)
        #expect(usual.ratio < 1)
        let slow = StatementBook.Comparison(id: "1", text: "", meanMs: 12, baselineMs: 0.137, calls: 127)
        #expect(slow.ratio == 12)
    }

    @Test("a migration is not mistaken for an idle service")
    func kinds() {
        var altering = session(1, "shop", "shop-api")
        altering.query = "ALTER TABLE stock ADD COLUMN x int"
        #expect(SessionKind.of(altering) == .migration)
        #expect(SessionKind.of(session(2, "shop", "shop-api")) == .service)
        #expect(SessionKind.of(session(3, "operator", "psql")) == .shell)
    }
}
