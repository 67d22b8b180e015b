import OpsModel
import OpsService

/// Asks twice a second what is due, of the schedules first and then of the monkey: one fault begins at a time.
struct Timetable: Service {
    private static let interval: Duration = .milliseconds(500)

    let latch: LatchFile
    let book: ScheduleBook
    let monkey: Monkey

    func run() async throws {
        while !Task.isCancelled {
            await self.book.tick(now: .now(), latch: self.latch.read())
            await self.monkey.tick(now: .now(), latch: self.latch.read())
            do { try await Task.sleep(for: Self.interval) } catch { return }
        }
    }
}
