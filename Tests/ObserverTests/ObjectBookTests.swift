import OpsModel
import Testing

@testable import Observer

/// What there was is known from the first look on, though nothing was calm yet.
@Suite("Tables that are gone or emptied")
struct ObjectBookTests {
    private func world(objects: [String: String], rows: [String: Int]) -> World {
        var world = World()
        let all = ["orders": "table", "orders_pkey": "index", "orders.id": "column"]
        world.postgres.objects.observe(objects: all, rows: ["orders": 40], at: Fixture.now + -9, isCalm: false)
        world.postgres.objects.observe(objects: objects, rows: rows, at: Fixture.now, isCalm: false)
        return world
    }

    @Test("a table that is gone is named, with its index and without its columns")
    func gone() {
        let world = world(objects: [:], rows: [:])
        let missing = Fixture.answer(world, "pg.missing_objects", "db")
        #expect(missing.value == 2 && missing.fields["table"] == "orders")
        #expect(missing.fields["tables"] == 1 && missing.fields["indexes"] == 1 && missing.fields["columns"] == 0)
        #expect(Fixture.answer(world, "pg.rows", "db").fields["emptied"] == 1)
    }

    @Test("a table that is there is emptied below a tenth of its rows", arguments: [(0, 1), (3, 1), (4, 0), (60, 0)])
    func emptied(_ rows: Int, _ count: Int) {
        let world = world(
            objects: ["orders": "table", "orders_pkey": "index", "orders.id": "column"],
            rows: ["orders": rows]
        )
        #expect(Fixture.answer(world, "pg.missing_objects", "db").value == 0)
        let answer = Fixture.answer(world, "pg.rows", "db")
        #expect(answer.fields["emptied"] == .int(count) && answer.fields["table"] == (count == 1 ? "orders" : nil))
    }
}
