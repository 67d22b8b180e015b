import OpsService
import OpsSystem

/// Brings about what the board asks for, and lets go of it again.
///
/// While nothing is asked for it sleeps.
final class StrainKeeper: Service {
    private static let pace: Duration = .milliseconds(50)

    private let board: StrainBoard
    private let burdens: [Strain.Kind: any Burden]

    init(_ board: StrainBoard, _ burdens: [Strain.Kind: any Burden]) {
        self.board = board
        self.burdens = burdens
    }

    func run() async throws {
        for await _ in self.board.changes {
            while self.board.isBusy(), !Task.isCancelled {
                await self.adjust()
                try await Task.sleep(for: Self.pace)
            }
            await self.adjust()
        }
    }

    private func adjust() async {
        for (kind, burden) in self.burdens {
            self.board.note(kind, reached: await burden.carry(self.board.amount(kind)))
        }
    }
}

/// Something of which a process can hold more or less without using it.
protocol Burden: Sendable {
    /// Takes or gives back until so much is held, as far as that is possible now.
    ///
    /// - Returns: how much is held.
    func carry(_ amount: Int) async -> Int
}
