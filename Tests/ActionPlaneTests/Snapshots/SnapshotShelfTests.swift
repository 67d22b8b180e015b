import OpsModel
import OpsTestKit
import Testing

@testable import ActionPlane

@Suite struct SnapshotShelfTests {
    private func snapshot(_ id: String, products: Int?, database: String = "1") -> Snapshot {
        let copy = products.map {
            TableCopy(
                name: "products",
                owner: "postgres",
                columns: [],
                key: [],
                options: [],
                constraints: [],
                incoming: [],
                statements: [],
                rows: $0,
                writes: TableWrites(),
                digest: ""
            )
        }
        return Snapshot(id: id, at: .now(), database: database, tables: [copy].compactMap(\.self))
    }

    @Test func theNewestOfWhichMostIsThere() {
        func found(_ counts: [Int?]) -> String? {
            let all = counts.enumerated().map { snapshot("\($0.offset)", products: $0.element) }
            return SnapshotShelf.whole("products", in: all).last?.snapshot.id
        }
        #expect(found([10, 12, 13]) == "2")
        #expect(found([10, 12, 3]) == "1")
        #expect(found([10, 0, nil]) == "0")
        #expect(found([0, nil]) == nil)
    }

    @Test func keepsTheNewestAndTheLastWholeOneAndNoneOfAnotherDatabase() async throws {
        try await TemporaryDirectory.with { directory in
            let shelf = SnapshotShelf(directory: "\(directory)/shelf", keep: 2)
            try shelf.add(snapshot("10", products: 5, database: "0"), [:])
            for (id, rows) in [("11", 9), ("12", 10), ("13", 0), ("14", 0), ("15", 0)] {
                try shelf.add(snapshot(id, products: rows), [:])
            }
            #expect(shelf.snapshots.map(\.id) == ["12", "14", "15"])
        }
    }
}
